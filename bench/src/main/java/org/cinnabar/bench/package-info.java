/**
 * Measures compiled models and ONNX Runtime in turns.
 *
 * <p>An {@link org.cinnabar.bench.Engine} runs one model on memory bound once. {@link
 * org.cinnabar.bench.Interleaved} lets two engines take turns, {@link org.cinnabar.bench.Peak}
 * measures what the core could do, {@link org.cinnabar.bench.Layers} splits an inference into
 * steps, {@link org.cinnabar.bench.ColdStart} starts fresh processes, {@link
 * org.cinnabar.bench.Executables} native ones; {@link org.cinnabar.bench.Benchmark} is the command,
 * {@link org.cinnabar.bench.Sheet} its output.
 */
package org.cinnabar.bench;
