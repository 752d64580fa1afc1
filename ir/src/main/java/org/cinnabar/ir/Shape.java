package org.cinnabar.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Extents of a tensor, outermost first; rank 0 is a scalar. Extents are never negative. */
public record Shape(List<Dim> dims) {
    public static final Shape SCALAR = new Shape(List.of());

    public Shape {
        dims = List.copyOf(dims);
        for (Dim dim : dims) {
            if (dim.isKnown() && dim.value() < 0) {
                throw new IllegalArgumentException("negative extent " + dim + " in " + dims);
            }
        }
    }

    /** The shape with the given known extents. */
    public static Shape of(long... extents) {
        return new Shape(Arrays.stream(extents).mapToObj(Dim::of).toList());
    }

    public int rank() {
        return dims.size();
    }

    /** Extent of {@code axis}; negative axes count from the end. */
    public Dim dim(int axis) {
        return dims.get(axis < 0 ? axis + rank() : axis);
    }

    /** Known extent of {@code axis} as an {@code int}; fails on a symbolic or larger one. */
    public int extent(int axis) {
        return Math.toIntExact(dim(axis).value());
    }

    /** All extents of a known shape. */
    public int[] extents() {
        return dims.stream().mapToInt(d -> Math.toIntExact(d.value())).toArray();
    }

    public boolean isKnown() {
        return dims.stream().allMatch(Dim::isKnown);
    }

    /** Number of elements as an extent. */
    public Dim size() {
        return dims.stream().reduce(Dim.of(1), Dim::times);
    }

    /** Number of elements of a known shape; fails beyond {@code int}. */
    public int count() {
        return Math.toIntExact(size().value());
    }

    /** This shape with {@code axis} replaced by {@code dim}. */
    public Shape with(int axis, Dim dim) {
        List<Dim> changed = new ArrayList<>(dims);
        changed.set(axis < 0 ? axis + rank() : axis, dim);
        return new Shape(changed);
    }

    /** This shape with symbols replaced by the values bound to them. */
    public Shape bind(Map<String, Long> bindings) {
        return new Shape(dims.stream().map(d -> d.bind(bindings)).toList());
    }

    /**
     * The shape both broadcast to under ONNX's (NumPy's) multidirectional rule: aligned at the last
     * axis, extents equal or one of them 1.
     */
    public Shape broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        List<Dim> result = new ArrayList<>(rank);
        for (int axis = -rank; axis < 0; axis++) {
            Dim a = -axis > rank() ? Dim.of(1) : dim(axis);
            Dim b = -axis > other.rank() ? Dim.of(1) : other.dim(axis);
            if (!a.equals(b) && !a.is(1) && !b.is(1)) {
                throw new IllegalArgumentException(
                        "shapes " + this + " and " + other + " do not broadcast");
            }
            result.add(a.is(1) ? b : a);
        }
        return new Shape(result);
    }

    @Override
    public String toString() {
        return dims.stream().map(Dim::toString).collect(Collectors.joining(",", "[", "]"));
    }
}
