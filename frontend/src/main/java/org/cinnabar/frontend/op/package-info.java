/**
 * One importer per ONNX operator, each a short function from an {@link
 * org.cinnabar.frontend.op.OnnxNode} to core ops, in files by family. {@link
 * org.cinnabar.frontend.op.OpTable} lists them all.
 *
 * <p>An importer reads every attribute it honours; one that nobody read is reported as unsupported,
 * so nothing of a model is ignored silently. Attributes without effect on inference are read by
 * {@code ignore}.
 */
package org.cinnabar.frontend.op;
