package org.cinnabar.passes.lower;

import java.util.List;

/**
 * What kernels are shaped for: the vector width and the register tile (rows of pixels × vectors of
 * output channels) whose accumulators the JIT keeps in registers beside the operands it needs.
 *
 * @param lanes numbers in a vector
 * @param rows of most tiles
 * @param mostRows of the highest tile of {@code vectors}
 * @param tallest rows of a tile of {@code vectors} that needs least beside its sums: {@link
 *     #tallRowsFor}
 * @param vectors of output channels in most tiles
 * @param leastCost what a low tile costs at least, in eighths of a row: it waits for the latency of
 *     the multiply-add, instead of its throughput, or for the second-level cache
 * @param steps of a sum in one iteration of its loop at most. Small tiles have so few multiply-adds
 *     that a core is busier with addresses and the loop, the more so if it is shared.
 * @param steppedSums of a tile with several steps at most: with more, the JIT keeps some in memory
 */
public record Target(
        int lanes,
        int rows,
        int mostRows,
        int tallest,
        int vectors,
        int leastCost,
        int steps,
        int steppedSums) {
    /** 512 bits, 32 registers. */
    public static final Target LANES_16 = new Target(16, 7, 8, 14, 2, 44, 2, 20);

    /** 256 bits, 16 registers. */
    public static final Target LANES_8 = new Target(8, 4, 4, 4, 2, 32, 4, 8);

    /** 128 bits, 32 registers. */
    public static final Target LANES_4 = new Target(4, 4, 4, 4, 4, 44, 1, 0);

    /** No vector instructions of our own. */
    public static final Target SCALAR = new Target(1, 3, 3, 3, 4, 44, 1, 0);

    /** Every target a jar carries code for; they share weights and memory plan. */
    public static final List<Target> ALL = List.of(LANES_16, LANES_8, LANES_4, SCALAR);

    /**
     * Whether kernels ask for weights ahead: vectors of 512 bits outrun memory, and where they
     * exist, there is an instruction for that.
     */
    boolean prefetches() {
        return lanes == LANES_16.lanes();
    }

    /**
     * Whether the distance between the rows of a usual tile had better be part of its code, for
     * want of tall ones.
     */
    boolean fixesDistances() {
        return steps > 1 && !hasTall();
    }

    /** Steps in one iteration of a tile of {@code sums} over {@code k} each: they divide it. */
    int stepsOf(int k, int sums) {
        return sums <= steppedSums ? Math.min(Integer.lowestOneBit(k), steps) : 1;
    }

    /** Whether there are tiles higher than {@code mostRows}. */
    boolean hasTall() {
        return tallest > mostRows;
    }

    /**
     * Rows of most tiles of {@code vectors} for {@code extent} pixels, if the tile has a single
     * loop, whose length and the distance between pixels are part of its code, and stores bare
     * sums: then even twice the usual rows leave registers for the operands, and one iteration
     * takes 51 instructions for 28 multiply-adds instead of 38 for 14. In a tile of three nested
     * loops, or with an epilogue, the JIT would keep sums in memory.
     */
    int tallRowsFor(int extent, boolean asksAhead) {
        int best = Math.min(rows, extent);
        int most = Math.min(tallest(asksAhead), extent);
        for (int candidate = 1; candidate <= most; candidate++) {
            if (tallCost(extent, candidate) * 100 < tallCost(extent, best) * 99) {
                best = candidate;
            }
        }
        return best;
    }

    /** Rows of the tallest tile; asking for weights ahead takes two registers. */
    int tallest(boolean asksAhead) {
        return asksAhead ? tallest - 2 : tallest;
    }

    private int tallCost(int extent, int rows) {
        return extent / rows * tallCost(rows) + tallCost(extent % rows);
    }

    /** Of one tile in eighths of a row: beginning an iteration takes as much as two rows. */
    int tallCost(int rows) {
        return rows == 0 ? 0 : Math.max(rows * 8, leastCost) + 16;
    }

    /** Rows of the highest tile of {@code width} vectors, whose sums take as many registers. */
    int mostRows(int width) {
        return mostRows * vectors / width;
    }

    /**
     * Tile heights for {@code extent} pixels in a row and {@code width} vectors of channels: the
     * height of most tiles, and of the last one if it is lower. The usual height is kept unless
     * another one is clearly quicker: every further height is a method for the JIT to compile. Wide
     * tiles are lower; narrow ones may be higher if their {@code constants} spare registers for
     * addresses.
     */
    int rowsFor(int extent, int width, boolean constants) {
        int most = constants || width > vectors ? mostRows(width) : mostRows;
        int best = Math.min(Math.min(rows, most), extent);
        for (int candidate = 1; candidate <= Math.min(most, extent); candidate++) {
            if (cost(extent, candidate, width) * 50 < cost(extent, best, width) * 49) {
                best = candidate;
            }
        }
        return best;
    }

    private int cost(int extent, int rows, int width) {
        return extent / rows * cost(rows, width) + cost(extent % rows, width);
    }

    private int cost(int rows, int width) {
        int least = width < vectors ? 32 : leastCost;
        return rows == 0 ? 0 : Math.max(rows * 8 * width / vectors, least) + 1;
    }
}
