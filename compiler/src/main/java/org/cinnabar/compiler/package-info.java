/**
 * Compiles ONNX models.
 *
 * <pre>{@code
 * Compiled compiled = Compiler.compile(Path.of("lenet.onnx"), Options.DEFAULTS);
 * compiled.write(Path.of("lenet.jar"));     // one self-contained jar
 * Model model = compiled.load();            // or in this JVM, without a jar
 * }</pre>
 *
 * <p>{@link org.cinnabar.compiler.Compiler} wires importer, passes, scheduler and emitter; {@link
 * org.cinnabar.compiler.Census} counts what a graph holds and costs; {@link
 * org.cinnabar.compiler.BatchAxis} decides whether its inputs may be batches of any size. Whatever
 * is wrong with the model or with what was asked of it is a {@link
 * org.cinnabar.compiler.CompileException}.
 */
package org.cinnabar.compiler;
