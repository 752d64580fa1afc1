package org.cinnabar.passes.lower;

/**
 * Rows of pixels cut into blocks, each of which meets every panel of weights: the tasks of a layer,
 * one panel after the other over all blocks, or one block after the other under all panels, the
 * narrow ones last. In the first order narrow panels have larger blocks, so that all tasks take
 * about as long; in the second one a block is one block for all panels, so that the half of the
 * tasks that a thread has is half of the pixels.
 *
 * @param rows rows of pixels
 * @param full panels of full width
 * @param narrow narrow panels
 * @param panelsFirst whether a panel's tasks follow one another, instead of a block's
 * @param size rows in a block for full panels; the last one may have fewer
 */
record RowBlocks(int rows, int full, int narrow, boolean panelsFirst, int size) {
    /** A layer is cut into at least this many tasks where it has the rows. */
    private static final int TASKS = 8;

    /** Pixels that repay reading a panel's weights. */
    private static final int PIXELS = 56;

    /** One thread of two may have this part of the work. */
    private static final double EVEN = 0.516;

    /**
     * The largest blocks of up to {@code most} rows of {@code pixels} each with which two threads
     * have about the same to do.
     */
    static RowBlocks of(int rows, int pixels, int full, int narrow, boolean panelsFirst, int most) {
        int tasks = Math.max(1, Math.ceilDiv(rows * (full + narrow), TASKS));
        int largest = Math.min(Math.clamp(most, 1, rows), tasks);
        if (!panelsFirst && rows * pixels >= 2 * PIXELS) {
            // Two threads then divide the pixels, not the panels.
            largest = Math.min(largest, Math.ceilDiv(rows, 2));
        }
        RowBlocks best = new RowBlocks(rows, full, narrow, panelsFirst, largest);
        int least = Math.ceilDiv(PIXELS, pixels);
        for (int size = largest - 1; size >= least && best.busier() > EVEN; size--) {
            RowBlocks smaller = new RowBlocks(rows, full, narrow, panelsFirst, size);
            if (smaller.busier() < best.busier()) {
                best = smaller;
            }
        }
        return best;
    }

    /** Rows in a block for panels that are {@code wide} or not. */
    int size(boolean wide) {
        return wide || !panelsFirst ? size : Math.min(rows, (int) (size / Panels.NARROW));
    }

    /** Blocks of such panels. */
    int count(boolean wide) {
        return Math.ceilDiv(rows, size(wide));
    }

    /** The part of the work that the busier of two threads has. */
    private double busier() {
        double all = rows * (full + narrow * Panels.NARROW);
        double first = 0;
        int tasks = count(true) * full + count(false) * narrow;
        for (int task = 0; task < tasks / 2; task++) {
            first += work(task);
        }
        return Math.max(first, all - first) / all;
    }

    /** Rows under full panels that take as long as {@code task}. */
    private double work(int task) {
        boolean wide = panelsFirst ? task < count(true) * full : task % (full + narrow) < full;
        int wideTasks = wide ? 0 : count(true) * full;
        int block = panelsFirst ? (task - wideTasks) % count(wide) : task / (full + narrow);
        int length = Math.min(size(wide), rows - block * size(wide));
        return length * (wide ? 1 : Panels.NARROW);
    }
}
