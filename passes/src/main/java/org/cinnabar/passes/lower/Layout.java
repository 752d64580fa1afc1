package org.cinnabar.passes.lower;

import java.util.Collections;
import java.util.List;

/**
 * How a tensor has to lie in memory: {@code unitAxis} (if not negative) has stride 1, and zeros
 * surround it, {@code before[a]} and {@code after[a]} of them on axis {@code a}.
 */
public record Layout(int unitAxis, List<Integer> before, List<Integer> after) {
    public Layout {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** Numbers in a cache line of 64 bytes, and in the longest vector. */
    public static final int LINE = 16;

    /** Rows a multiple of so many numbers apart share too few sets of a first-level cache. */
    private static final int CROWDED = 256;

    /** {@code extent} rounded up to whole vectors. */
    public static int padded(int extent) {
        return Math.ceilDiv(extent, LINE) * LINE;
    }

    /**
     * The distance between rows of {@code width} numbers: whole vectors, and one more where else
     * neighbours would fall on the same few sets of the first-level cache and evict each other.
     */
    public static int pitch(int width) {
        int whole = padded(width);
        return whole % CROWDED == 0 ? whole + LINE : whole;
    }

    /** Anything will do. */
    public static Layout any(int rank) {
        return unit(-1, rank);
    }

    /** {@code axis} has stride 1. */
    public static Layout unit(int axis, int rank) {
        List<Integer> none = Collections.nCopies(rank, 0);
        return new Layout(axis, none, none);
    }
}
