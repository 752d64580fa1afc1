package org.cinnabar.passes.lower;

/**
 * A weight matrix cut into panels of output channels, for kernels that hold a panel's vectors
 * against one number of the input after the other: {@code [panel][depth][width]}. Panels are {@link
 * #WIDTH} wide; the last one is {@link #BLOCK} if no more than that is left. Missing channels are
 * zero. Weights of other precision are in panels of other width.
 *
 * @param stretches equal parts of the depth that are summed each for itself
 */
record Panels(int rows, int depth, Precision precision, int stretches) {
    static final int WIDTH = 32;
    static final int BLOCK = 16;

    /** How long a narrow panel takes, of a full one. */
    static final double NARROW = 0.65;

    /** Of weights as they are. */
    Panels(int rows, int depth) {
        this(rows, depth, Precisions.FP32);
    }

    /** In one stretch. */
    Panels(int rows, int depth, Precision precision) {
        this(rows, depth, precision, 1);
    }

    Panels {
        if (precision != Precisions.FP32 && rows % precision.width() != 0) {
            throw new IllegalArgumentException(
                    rows + " rows in panels of " + precision.width() + ", none of them narrow");
        }
    }

    /** Rows of a full panel. */
    int width() {
        return precision.width();
    }

    /** Panels of full width. */
    int full() {
        return (rows + BLOCK - 1) / width();
    }

    /** Whether a narrow panel follows the full ones. */
    boolean hasNarrow() {
        return rows - full() * width() > 0;
    }

    /** Rows as they count for time: one vector at a time takes longer than half of two. */
    double paidRows() {
        return full() * width() + (hasNarrow() ? NARROW * WIDTH : 0);
    }

    /** Weights in all panels, with the missing ones. */
    int count() {
        return Math.multiplyExact(full() * width() + (hasNarrow() ? BLOCK : 0), depth);
    }

    /** Which of them is entry {@code (row, k)}. */
    int at(int row, int k) {
        int panel = row / width();
        int width = panel < full() ? width() : BLOCK;
        return panel * width() * depth + k * width + row % width();
    }

    /** Numbers that store all panels. */
    int size() {
        return Math.addExact(Math.multiplyExact(full(), stride()), hasNarrow() ? stride(BLOCK) : 0);
    }

    /** Numbers that store one full panel. */
    int stride() {
        return stride(width());
    }

    /** The same of a panel of {@code width} channels. */
    private int stride(int width) {
        return Math.multiplyExact(stretches, stretch(width));
    }

    /** Numbers that store one stretch of such a panel. */
    int stretch(int width) {
        return precision.scales() + Math.multiplyExact(precision.size(width), depth / stretches);
    }

    /** What stores {@code weights}, which lie as {@link #at} says. */
    float[] encode(float[] weights) {
        return precision.encode(weights, depth / stretches);
    }
}
