package org.cinnabar.passes.lower;

/**
 * Rows of pixels cut into blocks, each of which meets every panel of weights, the narrow ones last.
 *
 * @param rows rows of pixels
 * @param full panels of full width
 * @param narrow narrow panels
 * @param size rows in a block for full panels; the last one may have fewer
 */
record RowBlocks(int rows, int full, int narrow, Order order, int size) {
    /** What follows one another. */
    enum Order {
        /**
         * The blocks under one panel, then those under the next: each is a task. Narrow panels have
         * larger blocks, so that all tasks take about as long.
         */
        PANELS,

        /**
         * The panels over one block, then those over the next: each is a task. All panels have the
         * same blocks, so that the half of the tasks that a thread has is half of the pixels.
         */
        BLOCKS,

        /**
         * The blocks under a group of panels, those over one block after the other, then the blocks
         * under the next group. A task is a panel over all blocks.
         */
        GROUPS
    }

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
    static RowBlocks of(int rows, int pixels, int full, int narrow, Order order, int most) {
        if (order == Order.GROUPS) {
            return new RowBlocks(rows, full, narrow, order, 1);
        }
        int tasks = Math.max(1, Math.ceilDiv(rows * (full + narrow), TASKS));
        int largest = Math.min(Math.clamp(most, 1, rows), tasks);
        if (order == Order.BLOCKS && rows * pixels >= 2 * PIXELS) {
            // Two threads then divide the pixels, not the panels.
            largest = Math.min(largest, Math.ceilDiv(rows, 2));
        }
        RowBlocks best = new RowBlocks(rows, full, narrow, order, largest);
        int least = Math.ceilDiv(PIXELS, pixels);
        for (int size = largest - 1; size >= least && best.busier() > EVEN; size--) {
            RowBlocks smaller = new RowBlocks(rows, full, narrow, order, size);
            if (smaller.busier() < best.busier()) {
                best = smaller;
            }
        }
        return best;
    }

    /** Whether the blocks under a panel are tasks that follow one another. */
    boolean panelsFirst() {
        return order == Order.PANELS;
    }

    /** Rows in a block for panels that are {@code wide} or not. */
    int size(boolean wide) {
        return wide || !panelsFirst() ? size : Math.min(rows, (int) (size / Panels.NARROW));
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
        boolean wide = panelsFirst() ? task < count(true) * full : task % (full + narrow) < full;
        int wideTasks = wide ? 0 : count(true) * full;
        int block = panelsFirst() ? (task - wideTasks) % count(wide) : task / (full + narrow);
        int length = Math.min(size(wide), rows - block * size(wide));
        return length * (wide ? 1 : Panels.NARROW);
    }
}
