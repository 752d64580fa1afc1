/** From the graph IR to ONNX: a row for each core op that ONNX has. */
package org.cinnabar.frontend.export;
