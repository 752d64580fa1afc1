/**
 * Training. A {@link org.cinnabar.train.Trainable} is a model whose numbers are inputs; {@link
 * org.cinnabar.train.StepGraph} adds loss, gradients and an {@link org.cinnabar.train.Optimizer} to
 * it, all in one graph; {@link org.cinnabar.train.CompiledStep} is that graph as code, with
 * parameters that stay where they are from step to step; {@link org.cinnabar.train.Trainer} feeds
 * it with data.
 *
 * <p>Everything random comes from a {@link org.cinnabar.train.random.RandomStream}, so a run
 * repeats bit for bit from its seed, on any number of threads.
 */
package org.cinnabar.train;
