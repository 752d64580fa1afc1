package org.cinnabar.passes.lower;

import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;

/**
 * The scratch memory of a Winograd convolution. Where there is one chunk, its transformed input is
 * shared by all tasks and comes first. Then every range of tasks has a region of its own: of many
 * chunks, strip, transformed input and products of the one that it is at; of a single chunk, a
 * strip in the first kernel, products in the second.
 */
record WinogradMemory(WinogradTiling tiling) {
    boolean isShared() {
        return tiling.chunks() == 1;
    }

    /** Tasks of the kernel that transforms the input of the only chunk. */
    int transformTasks() {
        return tiling.tileRows() * tiling.blocks();
    }

    /** Tasks of the kernel that multiplies. */
    int productTasks() {
        return isShared()
                ? tiling.groups() * tiling.panelCount()
                : Math.ceilDiv(tiling.chunks(), tiling.chunksPerTask());
    }

    int size() {
        return isShared()
                ? tiling.inputSize()
                        + Math.max(
                                transformTasks() * tiling.stripSize(),
                                productTasks() * productRegion())
                : productTasks() * region();
    }

    private int productRegion() {
        return tiling.productSize() + tiling.halfSize();
    }

    private int region() {
        return tiling.inputSize() + tiling.stripSize() + productRegion();
    }

    /** The transformed input, from {@code scratch} on. */
    Index input(int scratch) {
        return isShared() ? Index.of(scratch) : from(region()).plus(scratch);
    }

    Index strip(int scratch) {
        return isShared()
                ? from(tiling.stripSize()).plus(scratch + tiling.inputSize())
                : input(scratch).plus(tiling.inputSize());
    }

    Index products(int scratch) {
        return isShared()
                ? from(productRegion()).plus(scratch + tiling.inputSize())
                : strip(scratch).plus(tiling.stripSize());
    }

    /** The products of which the rows are transformed back. */
    Index half(int scratch) {
        return products(scratch).plus(tiling.productSize());
    }

    private static Index from(int size) {
        return Index.var(Kernel.RANGE.getFirst()).times(size);
    }
}
