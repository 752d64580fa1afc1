/**
 * The plain interpreter of the graph IR: the meaning of every op, written for reading. It is the
 * oracle that passes, lowerings and generated code are compared with, so it shares nothing with
 * them.
 */
package org.cinnabar.ir.interp;
