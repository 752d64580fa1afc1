/**
 * The Maven plugin: every {@code src/main/onnx/*.onnx} becomes a typed class of the project.
 *
 * <p>Compiled for an older Java than the rest, so that Maven may run on one; the compiler's command
 * line is started in a JVM of the project's toolchain.
 */
@org.jspecify.annotations.NullMarked
package org.cinnabar.maven;
