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
