package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.View;

/**
 * A loop nest that walks several views of the same extents in step: one loop per axis, outermost
 * first. Axes of extent 1 are gone, and axes that are one contiguous stretch in every view are one.
 */
record Nest(List<Axis> axes, List<Index> offsets) {
    /** One loop: its extent and each view's stride. */
    record Axis(int extent, List<Integer> strides) {
        int stride(int view) {
            return strides.get(view);
        }

        /**
         * Whether one step of this loop spans all of {@code inner}, so that the two are one loop.
         */
        boolean spans(Axis inner) {
            return IntStream.range(0, strides.size())
                    .allMatch(view -> stride(view) == inner.stride(view) * inner.extent());
        }
    }

    /**
     * The nest over all axes of {@code views} but {@code without}, in order of the first view's
     * strides.
     */
    static Nest over(List<View> views, List<Integer> without) {
        View first = views.getFirst();
        List<Axis> axes = new ArrayList<>();
        for (int axis = 0; axis < first.rank(); axis++) {
            int a = axis;
            if (first.extent(axis) != 1 && !without.contains(axis)) {
                axes.add(
                        new Axis(
                                first.extent(axis),
                                views.stream().map(view -> view.stride(a)).toList()));
            }
        }
        axes.sort(Comparator.comparingInt((Axis axis) -> Math.abs(axis.stride(0))).reversed());
        return new Nest(coalesced(axes), views.stream().map(View::offset).toList());
    }

    private static List<Axis> coalesced(List<Axis> axes) {
        List<Axis> merged = new ArrayList<>();
        for (Axis axis : axes) {
            Axis outer = merged.isEmpty() ? null : merged.getLast();
            if (outer != null && outer.spans(axis)) {
                merged.removeLast();
                merged.add(
                        new Axis(
                                Math.multiplyExact(outer.extent(), axis.extent()), axis.strides()));
            } else {
                merged.add(axis);
            }
        }
        return List.copyOf(merged);
    }

    /** {@link #withShort} for the innermost loop. */
    Nest withShortRows(int longest) {
        return axes.isEmpty() ? this : withShort(axes.size() - 1, longest, 1);
    }

    /**
     * This nest with loop {@code index}, if it is longer than {@code longest}, cut into equal ones,
     * as long as possible: multiples of {@code unit}, which divides {@code longest}.
     */
    Nest withShort(int index, int longest, int unit) {
        Axis row = axes.get(index);
        if (row.extent() <= longest || row.extent() % unit != 0) {
            return this;
        }
        int length = longest;
        while (row.extent() % length != 0) {
            length -= unit;
        }
        if (length < longest / 8) {
            return this;
        }
        int part = length;
        List<Axis> cut = new ArrayList<>(axes);
        cut.set(index, new Axis(part, row.strides()));
        cut.add(
                index,
                new Axis(row.extent() / part, row.strides().stream().map(s -> s * part).toList()));
        return new Nest(List.copyOf(cut), offsets);
    }

    /** Number of iterations of the outermost {@code count} loops together. */
    int outerCount(int count) {
        return axes.subList(0, count).stream().map(Axis::extent).reduce(1, Math::multiplyExact);
    }

    /**
     * Offset in view {@code view} at iteration {@code linear} of the outermost {@code count} loops
     * run as one.
     */
    Index outerOffset(int view, int count, Index linear) {
        Index offset = offsets.get(view);
        int below = outerCount(count);
        for (int i = 0; i < count; i++) {
            Axis axis = axes.get(i);
            below /= axis.extent();
            Index position = linear.dividedBy(below);
            offset =
                    (i == 0 ? position : position.modulo(axis.extent()))
                            .times(axis.stride(view))
                            .plus(offset);
        }
        return offset;
    }
}
