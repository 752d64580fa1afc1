package org.cinnabar.passes.lower;

import java.util.Map;

/**
 * Which tiles the loops of a {@link PanelDriver} call, chosen for one layer and target.
 *
 * @param row of pixels
 * @param isLarge whether the layer is so large a part of the network that tiles which no other one
 *     uses pay for the time that the JIT needs for them
 * @param mayAskAhead whether a thread reads panels that are its alone, and too many to be in its
 *     cache: threads that share panels would take them from each other
 * @param pixels of the map
 * @param panel numbers of a panel
 */
record PanelForm(
        Target target,
        Taps taps,
        Precision precision,
        Nest.Axis row,
        boolean isLarge,
        boolean mayAskAhead,
        long pixels,
        int panel) {
    /** Stretches up to this length gain from constants, and sums from an epilogue, in the tile. */
    private static final int SHORT = 256;

    /** Of those that may have tall tiles instead. */
    private static final int SHORT_OF_TALL = 63;

    /** Longer sums gain too little from constants. */
    private static final int LONG = 1024;

    /**
     * Multiply-adds with a panel, or a stretch of it, beyond which what follows it is not asked
     * for: the wait for it is little beside them, and two so long would not stay in the
     * second-level cache together.
     */
    private static final int MOST_AHEAD = 2_500_000;

    /** Pixels with which weights are done so soon that tall tiles ask for the next ones, too. */
    private static final int FEW_PIXELS = 112;

    /** Pixels in most tiles of {@code vectors}. */
    int height(int vectors) {
        return isTall(vectors)
                ? target.tallRowsFor(row.extent(), asksAhead())
                : target.rowsFor(row.extent(), vectors, hasOwnTile());
    }

    /**
     * Those of {@code numbers}, a tile's parameters, that are part of the code of one with {@code
     * rows} × {@code vectors}.
     */
    Map<String, Integer> constants(int vectors, int rows, Map<String, Integer> numbers) {
        boolean isMain = rows == height(vectors);
        if ((isMain || 2 * rows > height(vectors)) && isTall(vectors)) {
            return PanelTile.singleLoop(row.stride(1), taps.k());
        }
        if (hasOwnTile()) {
            return numbers;
        }
        boolean fixesDistance = isMain && target.fixesDistances() && isLarge;
        return fixesDistance ? Map.of("da", row.stride(1)) : Map.of();
    }

    /**
     * Whether {@code epilogue} is part of the tile. Where it can, it is not: layers share tiles
     * that store bare sums, which the JIT compiles in a third of the time, and a row's sums are
     * still in the first-level cache when the epilogue passes over them. A residual makes a tile
     * larger.
     */
    boolean isFused(Epilogue epilogue) {
        int most = shortSum();
        return taps.sum() <= (epilogue.readsTensors() ? most / 2 : most)
                && isLarge
                && precision.isContiguous(target)
                && epilogue.isUsual()
                && !epilogue.isEmpty();
    }

    /** Whether tiles of full panels ask for the weights that follow theirs. */
    boolean asksAhead() {
        return isCut() ? !mayBeTall() || asks() && pixels <= FEW_PIXELS : asksWhole();
    }

    /**
     * Whether the sums of full panels are done one stretch after the other: for tall tiles, or so
     * that a stretch of weights is short enough to be asked for ahead.
     */
    boolean isCut() {
        return !taps.isSingle()
                && (mayBeTall()
                        || asks()
                                && pixels * panel > MOST_AHEAD
                                && pixels * panel / taps.stretches() <= MOST_AHEAD);
    }

    private boolean asksWhole() {
        return asks() && pixels * panel <= MOST_AHEAD;
    }

    private boolean asks() {
        return target.prefetches() && mayAskAhead;
    }

    /** Whether stretches are so short, and the layer so large, that a tile of its own pays. */
    private boolean hasOwnTile() {
        return taps.k() <= shortSum() && taps.sum() <= LONG && isLarge;
    }

    private int shortSum() {
        return mayBeTall() ? SHORT_OF_TALL : SHORT;
    }

    /** Whether the tile is as {@link Target#tallRowsFor} has it. */
    private boolean isTall(int vectors) {
        return mayBeTall() && vectors == target.vectors() && !hasOwnTile();
    }

    private boolean mayBeTall() {
        return target.hasTall()
                && precision.vectors(target, precision.width()) == target.vectors()
                && isLarge
                && row.extent() > target.mostRows()
                && (taps.isSingle() ? taps.k() > SHORT || !asksWhole() : taps.k() > SHORT_OF_TALL);
    }
}
