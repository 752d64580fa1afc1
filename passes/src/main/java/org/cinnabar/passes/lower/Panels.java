package org.cinnabar.passes.lower;

/**
 * A weight matrix cut into panels of output channels, for kernels that hold a panel's vectors
 * against one number of the input after the other: {@code [panel][depth][width]}. Panels are {@link
 * #WIDTH} wide; the last one is {@link #BLOCK} if no more than that is left. Missing channels are
 * zero.
 */
record Panels(int rows, int depth) {
    static final int WIDTH = 32;
    static final int BLOCK = 16;

    /** How long a narrow panel takes, of a full one. */
    static final double NARROW = 0.65;

    /** Panels of full width. */
    int full() {
        return (rows + BLOCK - 1) / WIDTH;
    }

    /** Whether a narrow panel follows the full ones. */
    boolean hasNarrow() {
        return rows - full() * WIDTH > 0;
    }

    /** Rows as they count for time: one vector at a time takes longer than half of two. */
    double paidRows() {
        return full() * WIDTH + (hasNarrow() ? NARROW * WIDTH : 0);
    }

    /** Numbers in one full panel. */
    int stride() {
        return Math.multiplyExact(WIDTH, depth);
    }

    /** Numbers in all panels. */
    int size() {
        return Math.addExact(Math.multiplyExact(full(), stride()), hasNarrow() ? BLOCK * depth : 0);
    }

    /** Where entry {@code (row, k)} is. */
    int at(int row, int k) {
        int panel = row / WIDTH;
        int width = panel < full() ? WIDTH : BLOCK;
        return panel * stride() + k * width + row % WIDTH;
    }
}
