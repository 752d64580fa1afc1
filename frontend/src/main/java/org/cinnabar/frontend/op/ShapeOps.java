package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;

/** Constants, casts, shapes as values, and values under other shapes. */
final class ShapeOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("Identity", 1, n -> n.in(0)),
                    OpRow.of("Constant", 1, ShapeOps::constant),
                    OpRow.of("ConstantOfShape", 9, ShapeOps::constantOfShape),
                    OpRow.of("Cast", 6, ShapeOps::cast),
                    OpRow.of("CastLike", 15, ShapeOps::castLike),
                    OpRow.of("Shape", 1, ShapeOps::shape),
                    OpRow.of(
                            "Size",
                            1,
                            n ->
                                    n.reshape(
                                            n.extents(List.of(n.in(0).shape().size())),
                                            Shape.SCALAR)),
                    OpRow.of("Range", 11, ShapeOps::range),
                    OpRow.of("Reshape", 5, ShapeOps::reshape),
                    OpRow.of("Flatten", 1, ShapeOps::flatten),
                    OpRow.of("Squeeze", 1, ShapeOps::squeeze),
                    OpRow.of("Unsqueeze", 1, ShapeOps::unsqueeze),
                    OpRow.of("Expand", 8, ShapeOps::expand),
                    OpRow.of("Tile", 6, ShapeOps::tile));

    private ShapeOps() {}

    private static Node constant(OnnxNode n) {
        if (n.hasAttribute("value_float")) {
            return n.constant(Tensor.scalar((float) n.number("value_float", 0)));
        } else if (n.hasAttribute("value_int")) {
            return n.constant(Tensor.i64(Shape.SCALAR, n.integer("value_int")));
        } else if (n.hasAttribute("value_ints")) {
            long[] values =
                    n.longs("value_ints").orElse(List.of()).stream().mapToLong(v -> v).toArray();
            return n.constant(Tensor.i64(Shape.of(values.length), values));
        } else if (n.hasAttribute("value_floats")) {
            List<Float> list = n.numbers("value_floats").orElse(List.of());
            float[] values = new float[list.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = list.get(i);
            }
            return n.constant(Tensor.f32(Shape.of(values.length), values));
        }
        return n.constant(n.tensor("value"));
    }

    private static Node constantOfShape(OnnxNode n) {
        Tensor value = n.hasAttribute("value") ? n.tensor("value") : Tensor.scalar(0);
        if (value.count() != 1) {
            throw n.unsupported("value", value, "one element");
        }
        return n.expand(n.constant(value.reshaped(Shape.SCALAR)), new Shape(n.dims(0, "shape")));
    }

    private static Node cast(OnnxNode n) {
        n.ignore("saturate", "round_mode");
        if (!n.hasAttribute("to")) {
            throw new Rejected("an attribute to", "none", "export the model again");
        }
        return n.cast(n.in(0), n.elementType("to", DType.F32));
    }

    private static Node castLike(OnnxNode n) {
        n.ignore("saturate", "round_mode");
        return n.cast(n.in(0), n.in(1).type().dtype());
    }

    private static Node shape(OnnxNode n) {
        List<Dim> dims = n.in(0).shape().dims();
        int rank = dims.size();
        int start = clamped(n.integer("start", 0), rank);
        int end = clamped(n.integer("end", rank), rank);
        return n.extents(start < end ? dims.subList(start, end) : List.of());
    }

    private static int clamped(long index, int rank) {
        return Math.clamp(index < 0 ? index + rank : index, 0, rank);
    }

    private static Node range(OnnxNode n) {
        DType type = n.in(0).type().dtype();
        if (type.isFloating()) {
            double start = n.number(0, "start");
            double delta = n.number(2, "delta");
            double steps = Math.ceil((n.number(1, "limit") - start) / delta);
            float[] values = new float[n.affordable((long) Math.max(0, steps))];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (start + i * delta);
            }
            return n.constant(Tensor.f32(Shape.of(values.length), values));
        }
        long start = n.longs(0, "start").getFirst();
        long delta = n.longs(2, "delta").getFirst();
        long length = n.longs(1, "limit").getFirst() - start;
        if (delta == 0) {
            throw new Rejected("a delta other than 0", "0", "");
        }
        int count = n.affordable(Math.max(0, Math.ceilDiv(length, delta)));
        long[] values = LongStream.range(0, count).map(i -> start + i * delta).toArray();
        return n.constant(Tensor.integers(type, Shape.of(count), values));
    }

    /** An extent 0 copies the operand's, unless allowzero; one extent -1 takes what is left. */
    private static Node reshape(OnnxNode n) {
        Node x = n.in(0);
        List<Dim> target = new ArrayList<>(n.dims(1, "shape"));
        boolean copies = !n.flag("allowzero", false);
        int inferred = -1;
        Dim rest = Dim.of(1);
        for (int axis = 0; axis < target.size(); axis++) {
            if (target.get(axis).is(-1) && inferred < 0) {
                inferred = axis;
                continue;
            }
            if (copies && target.get(axis).is(0)) {
                if (axis >= x.shape().rank()) {
                    throw new Rejected("an axis " + axis + " to copy", x.type().toString(), "");
                }
                target.set(axis, x.shape().dim(axis));
            }
            rest = rest.times(target.get(axis));
        }
        if (inferred >= 0) {
            target.set(inferred, rest.is(0) ? Dim.of(0) : x.shape().size().exactDiv(rest));
        }
        return n.reshape(x, new Shape(target));
    }

    private static Node flatten(OnnxNode n) {
        Node x = n.in(0);
        int rank = x.shape().rank();
        long axis = n.integer("axis", 1);
        int split = axis == rank ? rank : n.axis(axis, rank);
        List<Dim> dims = x.shape().dims();
        return n.reshape(
                x,
                new Shape(dims.subList(0, split)).size(),
                new Shape(dims.subList(split, rank)).size());
    }

    private static Node squeeze(OnnxNode n) {
        Node x = n.in(0);
        Optional<List<Long>> axes = n.attributeOrOperand("axes", 13, 1);
        List<Integer> dropped =
                axes.map(list -> list.stream().map(a -> n.axis(a, x)).toList())
                        .orElseGet(
                                () ->
                                        OnnxNode.axes(0, x.shape().rank()).stream()
                                                .filter(a -> x.shape().dim(a).is(1))
                                                .toList());
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < x.shape().rank(); axis++) {
            if (!dropped.contains(axis)) {
                dims.add(x.shape().dim(axis));
            } else if (!x.shape().dim(axis).is(1)) {
                throw new Rejected("extent 1 on axis " + axis, x.type().toString(), "");
            }
        }
        return n.reshape(x, new Shape(dims));
    }

    private static Node unsqueeze(OnnxNode n) {
        Node x = n.in(0);
        List<Long> axes =
                n.attributeOrOperand("axes", 13, 1)
                        .orElseThrow(() -> new Rejected("axes", "none", "export the model again"));
        int rank = x.shape().rank() + axes.size();
        TreeSet<Integer> added = new TreeSet<>();
        for (long axis : axes) {
            if (!added.add(n.axis(axis, rank))) {
                throw new Rejected("different axes", axes.toString(), "");
            }
        }
        List<Dim> dims = new ArrayList<>(x.shape().dims());
        for (int axis : added) {
            dims.add(axis, Dim.of(1));
        }
        return n.reshape(x, new Shape(dims));
    }

    private static Node expand(OnnxNode n) {
        Node x = n.in(0);
        return n.expand(x, x.shape().broadcast(new Shape(n.dims(1, "shape"))));
    }

    /**
     * {@code [d]} becomes {@code [1,d]}, is expanded to {@code [r,d]} and read as {@code [r·d]},
     * axis by axis at once.
     */
    private static Node tile(OnnxNode n) {
        Node x = n.in(0);
        List<Dim> repeats = n.dims(1, "repeats");
        if (repeats.size() != x.shape().rank()) {
            throw new Rejected(
                    x.shape().rank() + " repeats for " + x.type(), repeats.toString(), "");
        }
        if (repeats.stream().allMatch(r -> r.is(1))) {
            return x;
        }
        List<Dim> apart = new ArrayList<>();
        List<Dim> repeated = new ArrayList<>();
        List<Dim> joined = new ArrayList<>();
        for (int axis = 0; axis < repeats.size(); axis++) {
            Dim extent = x.shape().dim(axis);
            Collections.addAll(apart, Dim.of(1), extent);
            Collections.addAll(repeated, repeats.get(axis), extent);
            joined.add(repeats.get(axis).times(extent));
        }
        return n.reshape(
                n.expand(n.reshape(x, new Shape(apart)), new Shape(repeated)), new Shape(joined));
    }
}
