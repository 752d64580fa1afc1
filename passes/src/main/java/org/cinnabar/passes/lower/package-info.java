/**
 * From graph nodes to loops: {@link org.cinnabar.passes.lower.Fusion} cuts the graph into groups,
 * {@link org.cinnabar.passes.lower.Lowerings} lists the ways to compute one, and each {@link
 * org.cinnabar.passes.lower.Lowering} writes its kernels in the loop IR once its operands have
 * places in memory.
 */
package org.cinnabar.passes.lower;
