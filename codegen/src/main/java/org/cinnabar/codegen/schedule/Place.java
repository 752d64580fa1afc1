package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.View;
import org.cinnabar.passes.lower.Layout;
import org.jspecify.annotations.Nullable;

/**
 * Where a value lies: a view relative to its buffer, or in the weights if there is none, and how
 * many zeros surround it on each side of every axis.
 */
record Place(@Nullable Buffer buffer, View view, List<Integer> before, List<Integer> after) {
    /** The axis of rows of maps. */
    private static final int ROWS = 2;

    /**
     * A place in a new buffer for a tensor whose axes lie in {@code order}, outermost first, with
     * {@code width} numbers between rows of the innermost one.
     */
    static Place fresh(
            List<Integer> extents,
            List<Integer> order,
            List<Integer> before,
            List<Integer> after,
            int width) {
        Integer[] strides = new Integer[extents.size()];
        int stride = 1;
        int offset = 0;
        for (int i = order.size() - 1; i >= 0; i--) {
            int axis = order.get(i);
            strides[axis] = stride;
            offset += before.get(axis) * stride;
            int rows = before.get(axis) + extents.get(axis) + after.get(axis);
            stride = Math.multiplyExact(stride, i == order.size() - 1 ? width : rows);
        }
        int inner = order.isEmpty() ? 1 : extents.get(order.getLast());
        boolean oneRow = stride == width;
        int slack = (oneRow ? Layout.padded(inner) : width) - inner;
        View view = new View(Memory.ARENA, offset, extents, List.of(strides), slack);
        return new Place(new Buffer(Layout.padded(stride)), view, before, after);
    }

    /** A place without a border. */
    static Place bare(@Nullable Buffer buffer, View view) {
        List<Integer> none = Collections.nCopies(view.rank(), 0);
        return new Place(buffer, view, none, none);
    }

    /** The view with its final offset. */
    View resolved() {
        return buffer == null
                ? view
                : new View(
                        Memory.ARENA,
                        view.offset().plus(buffer.offset()),
                        view.extents(),
                        view.strides(),
                        view.slack());
    }

    /** Where in the arena the first element lies. */
    int start() {
        if (resolved().offset() instanceof Index.Const(int start)) {
            return start;
        }
        throw new IllegalStateException("no constant: " + view.offset());
    }

    boolean satisfies(Layout layout) {
        int unit = layout.unitAxis();
        if (unit >= 0 && view.stride(unit) != 1 && view.extent(unit) != 1) {
            return false;
        }
        for (int axis = 0; axis < view.rank(); axis++) {
            if (before.get(axis) < layout.before().get(axis)
                    || after.get(axis) < layout.after().get(axis)) {
                return false;
            }
        }
        return unit < 0 || buffer != null;
    }

    /** Whether values lie alike in both buffers. */
    boolean isLike(Place other) {
        return view.equals(other.view) && before.equals(other.before) && after.equals(other.after);
    }

    /** The place of a view of this value that leaves every axis but {@code axis} as it is. */
    Place sliced(int axis, View slice) {
        boolean keepsBorder = before.get(axis) == 0 && after.get(axis) == 0;
        return keepsBorder ? new Place(buffer, slice, before, after) : bare(buffer, slice);
    }

    /**
     * The stretches around a value that have to be zero: for every axis those before and after,
     * over all of the others. The first half of them is around the upper rows, which the first of
     * two threads computes: what one thread zeroes is far from the other one's caches.
     */
    List<View> borders() {
        int rows = Math.min(ROWS, view.rank() - 1);
        List<View> upper = new ArrayList<>();
        List<View> lower = new ArrayList<>();
        for (int axis = 0; axis < view.rank(); axis++) {
            int low = before.get(axis);
            int high = after.get(axis);
            if (low > 0) {
                halve(part(axis, -low, low), axis == rows ? 1 : 0.5, upper, lower);
            }
            if (high > 0) {
                int end = view.extent(axis);
                halve(part(axis, end, high), axis == rows ? 0 : 0.5, upper, lower);
            }
        }
        upper.addAll(lower);
        return upper;
    }

    /** Adds the {@code first} part of the rows of {@code border} to {@code upper}. */
    private static void halve(View border, double first, List<View> upper, List<View> lower) {
        int axis = Math.min(ROWS, border.rank() - 1);
        int rows = border.extent(axis);
        int cut = (int) (rows * first);
        if (cut > 0) {
            upper.add(border.sliced(axis, 0, 1, cut));
        }
        if (cut < rows) {
            lower.add(border.sliced(axis, cut, 1, rows - cut));
        }
    }

    /**
     * {@code count} entries of {@code axis} from {@code start}, the later axes with their borders.
     */
    private View part(int axis, int start, int count) {
        List<Integer> extents = new ArrayList<>(view.extents());
        Index offset = view.offset().plus(start * view.stride(axis));
        extents.set(axis, count);
        for (int a = axis + 1; a < view.rank(); a++) {
            offset = offset.plus(-before.get(a) * view.stride(a));
            extents.set(a, before.get(a) + view.extent(a) + after.get(a));
        }
        return new View(view.memory(), offset, extents, view.strides(), view.slack());
    }
}
