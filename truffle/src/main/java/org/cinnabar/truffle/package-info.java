/**
 * The language {@code onnx}: a source is a model, and evaluating it gives a function.
 *
 * <pre>{@code
 * Source source = Source.newBuilder("onnx", new File("mobilenet.onnx")).build();
 * Value model = context.eval(source);
 * Value scores = model.execute((Object) pixels);
 * }</pre>
 *
 * <p>The model is compiled like any other and runs the same kernels; nothing is interpreted twice.
 */
@org.jspecify.annotations.NullMarked
package org.cinnabar.truffle;
