package org.cinnabar.ir.loop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a tensor of known shape lies: element {@code (i0, i1, ...)} at {@code offset + Σ
 * i_a·strides[a]} of {@code memory}. Transposes, slices, broadcasts and many reshapes are views of
 * the same memory. The offset is a constant where the tensor lies at one place, and an expression
 * where its place depends on what a kernel is about.
 *
 * <p>{@code slack} is how many numbers past the last one of the unit-stride axis may be overwritten
 * at every index of the other axes: whole vectors may be stored up to there.
 */
public record View(
        Memory memory, Index offset, List<Integer> extents, List<Integer> strides, int slack) {
    public View {
        extents = List.copyOf(extents);
        strides = List.copyOf(strides);
        if (extents.size() != strides.size()) {
            throw new IllegalArgumentException("extents " + extents + " with strides " + strides);
        }
    }

    /** A view whose offset is known. */
    public View(
            Memory memory, int offset, List<Integer> extents, List<Integer> strides, int slack) {
        this(memory, Index.of(offset), extents, strides, slack);
    }

    public int rank() {
        return extents.size();
    }

    public int extent(int axis) {
        return extents.get(axis);
    }

    public int stride(int axis) {
        return strides.get(axis);
    }

    public int count() {
        return extents.stream().reduce(1, Math::multiplyExact);
    }

    /** Index of the element whose position along each axis is given. */
    public Index at(List<Index> position) {
        Index index = offset;
        for (int axis = 0; axis < rank(); axis++) {
            index = position.get(axis).times(stride(axis)).plus(index);
        }
        return index;
    }

    /** Row-major strides for {@code extents}. */
    public static List<Integer> rowMajor(List<Integer> extents) {
        List<Integer> strides = new ArrayList<>();
        int stride = 1;
        for (int extent : extents.reversed()) {
            strides.addFirst(stride);
            stride = Math.multiplyExact(stride, extent);
        }
        return strides;
    }

    /** Whether elements follow one another in row-major order without gaps. */
    public boolean isRowMajor() {
        int stride = 1;
        for (int axis = rank() - 1; axis >= 0; axis--) {
            if (extent(axis) != 1 && stride(axis) != stride) {
                return false;
            }
            stride *= extent(axis);
        }
        return true;
    }

    /** The last axis with stride 1 and more than one element; -1 if there is none. */
    public int unitAxis() {
        for (int axis = rank() - 1; axis >= 0; axis--) {
            if (stride(axis) == 1 && extent(axis) > 1) {
                return axis;
            }
        }
        return -1;
    }

    public View permuted(List<Integer> permutation) {
        return new View(
                memory,
                offset,
                permutation.stream().map(extents::get).toList(),
                permutation.stream().map(strides::get).toList(),
                slack);
    }

    /** This view at position 0 of the axes {@code [from, to)}, which are dropped. */
    public View without(int from, int to) {
        List<Integer> newExtents = new ArrayList<>(extents);
        List<Integer> newStrides = new ArrayList<>(strides);
        newExtents.subList(from, to).clear();
        newStrides.subList(from, to).clear();
        return new View(memory, offset, newExtents, newStrides, newStrides.contains(1) ? slack : 0);
    }

    /** The same elements {@code distance} numbers further on. */
    public View shifted(int distance) {
        return new View(memory, offset.plus(distance), extents, strides, slack);
    }

    /** {@code count} elements of {@code axis} from {@code start} on, {@code step} apart. */
    public View sliced(int axis, int start, int step, int count) {
        List<Integer> newExtents = new ArrayList<>(extents);
        List<Integer> newStrides = new ArrayList<>(strides);
        newExtents.set(axis, count);
        newStrides.set(axis, stride(axis) * step);
        boolean toTheEnd = stride(axis) != 1 || step == 1 && start + count == extent(axis);
        return new View(
                memory,
                offset.plus(start * stride(axis)),
                newExtents,
                newStrides,
                toTheEnd ? slack : 0);
    }

    /** This view broadcast to {@code shape}: axes of extent 1 repeat, missing leading axes too. */
    public View expanded(List<Integer> shape) {
        List<Integer> newStrides = new ArrayList<>();
        int missing = shape.size() - rank();
        for (int axis = 0; axis < shape.size(); axis++) {
            boolean repeats = axis < missing || extent(axis - missing) == 1 && shape.get(axis) != 1;
            newStrides.add(repeats ? 0 : stride(axis - missing));
        }
        return new View(memory, offset, shape, newStrides, 0);
    }

    /**
     * This view under another shape of as many elements in row-major order; null where only a copy
     * has that shape.
     */
    public @Nullable View reshaped(List<Integer> shape) {
        List<Integer> newStrides = new ArrayList<>(shape);
        int axis = 0;
        int to = 0;
        while (to < shape.size()) {
            if (shape.get(to) == 1) {
                newStrides.set(to++, 0);
                continue;
            }
            while (extent(axis) == 1) {
                axis++;
            }
            int first = axis;
            int start = to;
            long have = extent(axis);
            long want = shape.get(to);
            while (have != want) {
                if (have < want) {
                    have *= extent(++axis);
                } else {
                    want *= shape.get(++to);
                }
            }
            for (int a = first; a < axis; a++) {
                if (stride(a) != stride(a + 1) * extent(a + 1)) {
                    return null;
                }
            }
            int stride = stride(axis);
            for (int t = to; t >= start; t--) {
                newStrides.set(t, stride);
                stride *= shape.get(t);
            }
            axis++;
            to++;
        }
        View view = new View(memory, offset, shape, newStrides, slack);
        boolean sameRows =
                unitAxis() >= 0
                        && view.unitAxis() >= 0
                        && extent(unitAxis()) == view.extent(view.unitAxis());
        return sameRows ? view : new View(memory, offset, shape, newStrides, 0);
    }
}
