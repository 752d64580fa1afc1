package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Slice;

/** Where elements stand: joining, cutting, padding, permuting. */
final class MovementOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("Concat", 4, MovementOps::concat),
                    OpRow.many("Split", 2, MovementOps::split),
                    OpRow.of("Slice", 1, MovementOps::sliceByAttributes),
                    OpRow.of("Slice", 10, MovementOps::slice),
                    OpRow.of("Pad", 2, MovementOps::padByAttributes),
                    OpRow.of("Pad", 11, MovementOps::pad),
                    OpRow.of("Transpose", 1, MovementOps::transpose),
                    OpRow.of("Gather", 1, MovementOps::gather),
                    OpRow.of("DepthToSpace", 1, MovementOps::depthToSpace),
                    OpRow.of("SpaceToDepth", 1, MovementOps::spaceToDepth),
                    OpRow.of("Trilu", 14, MovementOps::triangle));

    private MovementOps() {}

    private static Node concat(OnnxNode n) {
        List<Node> parts = n.in();
        int axis = n.axis(n.integer("axis"), parts.getFirst());
        return parts.size() == 1 ? parts.getFirst() : n.op(new Concat(axis), parts);
    }

    private static List<Node> split(OnnxNode n) {
        Node x = n.in(0);
        int axis = n.axis(n.integer("axis", 0), x);
        List<Dim> sizes =
                n.attributeOrOperand("split", 13, 1)
                        .map(list -> list.stream().map(Dim::of).toList())
                        .orElseGet(
                                () ->
                                        equalParts(
                                                x.shape().dim(axis),
                                                n.integer("num_outputs", n.outputs())));
        Dim sum = sizes.stream().reduce(Dim.of(0), Dim::plus);
        if (!sum.equals(x.shape().dim(axis))) {
            throw new Rejected("parts that sum up to " + x.shape().dim(axis), sizes.toString(), "");
        }
        List<Node> parts = new ArrayList<>();
        Dim start = Dim.of(0);
        for (Dim size : sizes) {
            parts.add(n.slice(x, axis, start, size));
            start = start.plus(size);
        }
        return parts;
    }

    /** Equal parts; where they do not come out even the last is smaller. */
    private static List<Dim> equalParts(Dim extent, long count) {
        if (!extent.isKnown()) {
            return Collections.nCopies(Math.toIntExact(count), extent.exactDiv(Dim.of(count)));
        }
        long size = Math.ceilDiv(extent.value(), count);
        List<Dim> parts =
                new ArrayList<>(Collections.nCopies(Math.toIntExact(count - 1), Dim.of(size)));
        parts.add(Dim.of(extent.value() - size * (count - 1)));
        return parts;
    }

    private static Node sliceByAttributes(OnnxNode n) {
        List<Dim> starts = n.longs("starts").orElse(List.of()).stream().map(Dim::of).toList();
        List<Dim> ends = n.longs("ends").orElse(List.of()).stream().map(Dim::of).toList();
        return sliced(n, starts, ends, n.longs("axes"), Optional.empty());
    }

    private static Node slice(OnnxNode n) {
        Optional<List<Long>> axes = n.has(3) ? Optional.of(n.longs(3, "axes")) : Optional.empty();
        Optional<List<Long>> steps = n.has(4) ? Optional.of(n.longs(4, "steps")) : Optional.empty();
        return sliced(n, n.dims(1, "starts"), n.dims(2, "ends"), axes, steps);
    }

    private static Node sliced(
            OnnxNode n,
            List<Dim> starts,
            List<Dim> ends,
            Optional<List<Long>> axes,
            Optional<List<Long>> steps) {
        int count = starts.size();
        boolean fits =
                ends.size() == count
                        && axes.map(List::size).orElse(count) == count
                        && steps.map(List::size).orElse(count) == count;
        if (!fits) {
            throw new Rejected(
                    "as many ends, axes and steps as starts",
                    "starts " + starts + ", ends " + ends + ", axes " + axes + ", steps " + steps,
                    "export the model again");
        }
        Node x = n.in(0);
        for (int i = 0; i < count; i++) {
            int axis = n.axis(axes.isPresent() ? axes.get().get(i) : i, x);
            x =
                    sliced(
                            n,
                            x,
                            axis,
                            starts.get(i),
                            ends.get(i),
                            steps.isPresent() ? steps.get().get(i) : 1);
        }
        return x;
    }

    private static Node sliced(OnnxNode n, Node x, int axis, Dim start, Dim end, long step) {
        if (step == 0) {
            throw new Rejected("steps other than 0", "0", "");
        }
        Dim extent = x.shape().dim(axis);
        Dim least = Dim.of(step > 0 ? 0 : -1);
        Dim first =
                clamped(
                        start,
                        extent,
                        step > 0 ? least : Dim.of(0),
                        step > 0 ? extent : extent.plus(-1));
        Dim last = clamped(end, extent, least, step > 0 ? extent : extent.plus(-1));
        Dim length = step > 0 ? last.minus(first) : first.minus(last);
        Dim count = length.plus(Math.abs(step) - 1).floorDiv(Math.abs(step));
        if (count.isKnown() && count.value() <= 0) {
            return n.op(new Slice(axis, Dim.of(0), 1, Dim.of(0)), x);
        }
        return step == 1
                ? n.slice(x, axis, first, count)
                : n.op(new Slice(axis, first, step, count), x);
    }

    /**
     * {@code index} in {@code [low, high]}, negative ones counted from {@code extent}. A moderate
     * index is taken to lie inside a symbolic extent, which is checked when the extent becomes
     * known.
     */
    private static Dim clamped(Dim index, Dim extent, Dim low, Dim high) {
        if (!index.isKnown()) {
            return index;
        }
        if (extent.isKnown()) {
            long value = index.value() < 0 ? index.value() + extent.value() : index.value();
            return Dim.of(Math.clamp(value, low.value(), high.value()));
        }
        if (index.value() >= Integer.MAX_VALUE) {
            return high;
        }
        if (index.value() <= -Integer.MAX_VALUE) {
            return low;
        }
        return index.value() < 0 ? extent.plus(index) : index;
    }

    private static Node padByAttributes(OnnxNode n) {
        List<Long> pads =
                n.longs("pads").orElseThrow(() -> new Rejected("an attribute pads", "none", ""));
        return padded(n, pads, OnnxNode.axes(0, n.in(0).shape().rank()), n.number("value", 0));
    }

    private static Node pad(OnnxNode n) {
        Node x = n.in(0);
        List<Integer> axes =
                n.has(3)
                        ? n.longs(3, "axes").stream().map(a -> n.axis(a, x)).toList()
                        : OnnxNode.axes(0, x.shape().rank());
        return padded(n, n.longs(1, "pads"), axes, n.has(2) ? n.number(2, "constant_value") : 0);
    }

    /** Negative padding cuts elements off. */
    private static Node padded(OnnxNode n, List<Long> pads, List<Integer> axes, double value) {
        Node x = n.in(0);
        if (pads.size() != 2 * axes.size()) {
            throw new Rejected(
                    2 * axes.size() + " pads for " + x.type(),
                    pads.toString(),
                    "export the model again");
        }
        Pad.Mode mode =
                switch (n.text("mode", "constant")) {
                    case "constant" -> Pad.Mode.CONSTANT;
                    case "reflect" -> Pad.Mode.REFLECT;
                    case "edge" -> Pad.Mode.EDGE;
                    default ->
                            throw n.unsupported(
                                    "mode", n.text("mode", ""), "constant, reflect or edge");
                };
        List<Integer> begin = new ArrayList<>(Collections.nCopies(x.shape().rank(), 0));
        List<Integer> end = new ArrayList<>(begin);
        for (int i = 0; i < axes.size(); i++) {
            int axis = axes.get(i);
            long before = pads.get(i);
            long after = pads.get(i + axes.size());
            begin.set(axis, Math.toIntExact(Math.max(0, before)));
            end.set(axis, Math.toIntExact(Math.max(0, after)));
            Dim rest = x.shape().dim(axis).plus(Math.min(0, before) + Math.min(0, after));
            x = n.slice(x, axis, Dim.of(Math.max(0, -before)), rest);
        }
        boolean nothing =
                begin.stream().allMatch(b -> b == 0) && end.stream().allMatch(e -> e == 0);
        return nothing
                ? x
                : n.op(new Pad(begin, end, mode, mode == Pad.Mode.CONSTANT ? value : 0), x);
    }

    private static Node transpose(OnnxNode n) {
        Node x = n.in(0);
        List<Integer> reversed = OnnxNode.axes(0, x.shape().rank()).reversed();
        return n.transpose(x, n.integers("perm").orElse(reversed));
    }

    /** Negative indices count from the end; computed ones are wrapped around by a selection. */
    private static Node gather(OnnxNode n) {
        Node x = n.in(0);
        int axis = n.axis(n.integer("axis", 0), x);
        Dim extent = x.shape().dim(axis);
        Optional<Tensor> known = n.known(1);
        if (known.isEmpty()) {
            Node indices = n.in(1);
            DType type = indices.type().dtype();
            Node negative = n.binary(Binary.Function.LESS, indices, n.scalar(type, 0));
            Node wrapped = n.add(indices, n.scalar(type, (double) extent.value()));
            return n.op(new Gather(axis), x, n.select(negative, wrapped, indices));
        }
        long[] indices = known.get().longs();
        boolean negative = Arrays.stream(indices).anyMatch(i -> i < 0);
        long end = extent.isKnown() ? extent.value() : Long.MAX_VALUE;
        for (long index : indices) {
            if (index >= end || index < -end) {
                throw new Rejected(
                        "indices below " + end + " for axis " + axis + " of " + x.type(),
                        "" + index,
                        "");
            }
        }
        if (!negative) {
            return n.op(new Gather(axis), x, n.constant(known.get()));
        }
        if (!extent.isKnown() && indices.length == 1) {
            Node last = n.slice(x, axis, extent.plus(indices[0]), Dim.of(1));
            return n.reshape(
                    last,
                    OnnxNode.shape(
                            x.shape(),
                            dims -> {
                                dims.remove(axis);
                                dims.addAll(axis, known.get().shape().dims());
                                return dims;
                            }));
        }
        long size = extent.value();
        long[] wrapped = Arrays.stream(indices).map(i -> i < 0 ? i + size : i).toArray();
        return n.op(new Gather(axis), x, n.constant(Tensor.i64(known.get().shape(), wrapped)));
    }

    private static Node depthToSpace(OnnxNode n) {
        Node x = n.in(0);
        Dim b = Dim.of(n.integer("blocksize"));
        String mode = n.text("mode", "DCR");
        Shape s = rank4(x);
        Dim depth = s.dim(1).exactDiv(b.times(b));
        Node apart;
        if (mode.equals("DCR")) {
            apart =
                    n.transpose(
                            n.reshape(x, s.dim(0), b, b, depth, s.dim(2), s.dim(3)),
                            0,
                            3,
                            4,
                            1,
                            5,
                            2);
        } else if (mode.equals("CRD")) {
            apart =
                    n.transpose(
                            n.reshape(x, s.dim(0), depth, b, b, s.dim(2), s.dim(3)),
                            0,
                            1,
                            4,
                            2,
                            5,
                            3);
        } else {
            throw n.unsupported("mode", mode, "DCR or CRD");
        }
        return n.reshape(apart, s.dim(0), depth, s.dim(2).times(b), s.dim(3).times(b));
    }

    private static Node spaceToDepth(OnnxNode n) {
        Node x = n.in(0);
        Dim b = Dim.of(n.integer("blocksize"));
        Shape s = rank4(x);
        Dim rows = s.dim(2).exactDiv(b);
        Dim columns = s.dim(3).exactDiv(b);
        Node apart =
                n.transpose(
                        n.reshape(x, s.dim(0), s.dim(1), rows, b, columns, b), 0, 3, 5, 1, 2, 4);
        return n.reshape(apart, s.dim(0), s.dim(1).times(b).times(b), rows, columns);
    }

    private static Shape rank4(Node x) {
        if (x.shape().rank() != 4) {
            throw new Rejected("an input of rank 4", x.type().toString(), "");
        }
        return x.shape();
    }

    /** The upper or lower triangle; the rest is zero. */
    private static Node triangle(OnnxNode n) {
        Node x = n.in(0);
        boolean upper = n.flag("upper", true);
        long diagonal = n.has(1) ? n.longs(1, "k").getFirst() : 0;
        int rows = x.shape().extent(-2);
        int columns = x.shape().extent(-1);
        long[] mask = new long[n.affordable((long) rows * columns)];
        for (int i = 0; i < mask.length; i++) {
            long offset = i % columns - i / columns - diagonal;
            mask[i] = (upper ? offset >= 0 : offset <= 0) ? 1 : 0;
        }
        Node kept = n.constant(Tensor.integers(DType.BOOL, Shape.of(rows, columns), mask));
        return n.select(kept, x, n.scalar(x.type().dtype(), 0));
    }
}
