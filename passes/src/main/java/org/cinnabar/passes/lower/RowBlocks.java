package org.cinnabar.passes.lower;

/**
 * Rows of pixels cut into blocks, each of which meets every panel of weights: the tasks of a layer,
 * one panel after the other over all blocks, or one block after the other under all panels.
 *
 * @param rows rows of pixels
 * @param panels panels of weights
 * @param panelsFirst whether a panel's tasks follow one another, instead of a block's
 * @param size rows in a block; the last one may have fewer
 */
record RowBlocks(int rows, int panels, boolean panelsFirst, int size) {
    /** A layer is cut into at least this many tasks where it has the rows. */
    private static final int TASKS = 8;

    /** Pixels that repay reading a panel's weights. */
    private static final int PIXELS = 56;

    /** Of the work, one thread of two may have one part in so many more than half. */
    private static final int PARTS = 64;

    /**
     * The largest blocks of up to {@code most} rows of {@code pixels} each with which two threads
     * have about the same to do.
     */
    static RowBlocks of(int rows, int pixels, int panels, boolean panelsFirst, int most) {
        int tasks = Math.max(1, Math.ceilDiv(rows * panels, TASKS));
        RowBlocks best =
                new RowBlocks(
                        rows, panels, panelsFirst, Math.min(Math.clamp(most, 1, rows), tasks));
        int least = Math.ceilDiv(PIXELS, pixels);
        for (int size = best.size; size >= least && !best.isEven(); size--) {
            RowBlocks smaller = new RowBlocks(rows, panels, panelsFirst, size);
            if (smaller.busier() < best.busier()) {
                best = smaller;
            }
        }
        return best;
    }

    int count() {
        return Math.ceilDiv(rows, size);
    }

    private boolean isEven() {
        return busier() * PARTS <= (long) rows * panels * (PARTS / 2 + 1);
    }

    /** What the busier of two threads has, in rows by panels. */
    private long busier() {
        int half = count() * panels / 2;
        int inner = panelsFirst ? count() : panels;
        int whole = half / inner;
        int rest = half % inner;
        long first =
                panelsFirst
                        ? (long) whole * rows + (long) rest * size
                        : (long) whole * size * panels
                                + (long) rest * Math.min(size, rows - whole * size);
        return Math.max(first, (long) rows * panels - first);
    }
}
