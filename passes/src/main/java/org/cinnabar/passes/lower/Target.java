package org.cinnabar.passes.lower;

import java.util.List;

/**
 * What kernels are shaped for: the vector width and the register tile (rows of pixels × vectors of
 * output channels) whose accumulators the JIT keeps in registers beside the operands it needs.
 */
public record Target(int lanes, int rows, int mostRows, int vectors) {
    /** 512 bits, 32 registers. */
    public static final Target LANES_16 = new Target(16, 7, 8, 2);

    /** 256 bits, 16 registers. */
    public static final Target LANES_8 = new Target(8, 4, 4, 2);

    /** 128 bits, 32 registers. */
    public static final Target LANES_4 = new Target(4, 4, 4, 4);

    /** No vector instructions of our own. */
    public static final Target SCALAR = new Target(1, 3, 3, 4);

    /** Every target a jar carries code for; they share weights and memory plan. */
    public static final List<Target> ALL = List.of(LANES_16, LANES_8, LANES_4, SCALAR);

    /**
     * Whether kernels ask for weights ahead: vectors of 512 bits outrun memory, and where they
     * exist, there is an instruction for that.
     */
    boolean prefetches() {
        return lanes == LANES_16.lanes();
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

    /**
     * Low tiles wait for the weights to come from the second-level cache, and very low ones for the
     * latency of the multiply-add, instead of its throughput.
     */
    private int cost(int rows, int width) {
        return rows == 0 ? 0 : Math.max(rows * 8 * width / vectors, width < vectors ? 32 : 44) + 1;
    }
}
