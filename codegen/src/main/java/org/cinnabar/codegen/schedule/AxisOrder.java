package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.loop.View;

/** Orders in which the axes of a tensor may lie in memory, outermost first. */
final class AxisOrder {
    private AxisOrder() {}

    /** The logical order. */
    static List<Integer> rowMajor(int rank) {
        return IntStream.range(0, rank).boxed().toList();
    }

    /** The logical order with {@code axis}, if not negative, moved to the end. */
    static List<Integer> unit(int rank, int axis) {
        List<Integer> order = new ArrayList<>(rowMajor(rank));
        if (axis >= 0) {
            order.remove(Integer.valueOf(axis));
            order.add(axis);
        }
        return order;
    }

    /**
     * The order of {@code view}'s axes for a tensor of {@code extents}; axes of one entry go
     * outermost.
     */
    static List<Integer> like(View view, List<Integer> extents) {
        return rowMajor(view.rank()).stream()
                .sorted(
                        Comparator.comparingInt((Integer axis) -> distance(view, extents, axis))
                                .reversed())
                .toList();
    }

    /** {@link #like} with {@code axis} moved to the end. */
    static List<Integer> like(View view, int axis) {
        List<Integer> order = new ArrayList<>(like(view, view.extents()));
        order.remove(Integer.valueOf(axis));
        order.add(axis);
        return order;
    }

    /** An axis that the view repeats comes after the one before it. */
    private static int distance(View view, List<Integer> extents, int axis) {
        if (axis > 0 && view.extent(axis) == 1 && extents.get(axis) > 1) {
            return distance(view, extents, axis - 1);
        }
        return extents.get(axis) == 1 ? Integer.MAX_VALUE : Math.abs(view.stride(axis));
    }
}
