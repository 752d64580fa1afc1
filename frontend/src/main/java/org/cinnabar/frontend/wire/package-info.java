/**
 * From bytes to protobuf messages and tensors. Nothing is allocated on a file's word before its
 * data was seen.
 */
package org.cinnabar.frontend.wire;
