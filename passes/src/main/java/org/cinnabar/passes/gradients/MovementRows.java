package org.cinnabar.passes.gradients;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Movement;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;

/** Ops that move numbers: every gradient goes back to where its number came from. */
record MovementRows(Rows rows) implements Rows.Row {
    @Override
    public Node pull(Node node, int i, Node g) {
        Node x = node.in(i);
        return switch (node.op()) {
            case ScatterAdd(int axis, _) -> rows.builder().node(new Gather(axis), g, node.in(1));
            case Movement movement -> moved(movement, node, x, i, g);
            default -> throw new IllegalStateException(node.toString());
        };
    }

    private Node moved(Movement movement, Node node, Node x, int i, Node g) {
        return switch (movement) {
            case Reshape _ -> rows.reshape(g, x.shape());
            case Transpose(var permutation) ->
                    rows.transpose(
                            g,
                            IntStream.range(0, permutation.size())
                                    .mapToObj(permutation::indexOf)
                                    .toList());
            case Slice slice -> slice(slice, x, g);
            case Concat(int axis) -> part(fromFront(axis, x), node.in().subList(0, i), x, g);
            case Pad pad -> pad(pad, x, g);
            case Expand _ -> rows.gathered(g, x.shape());
            case Gather(int axis) -> {
                int a = fromFront(axis, x);
                yield rows.builder().node(new ScatterAdd(a, x.shape().extent(a)), g, node.in(1));
            }
        };
    }

    private static int fromFront(int axis, Node x) {
        return axis < 0 ? axis + x.shape().rank() : axis;
    }

    private Node slice(Slice slice, Node x, Node g) {
        int axis = fromFront(slice.axis(), x);
        Dim extent = x.shape().dim(axis);
        if (slice.step() == 1) {
            Dim after = extent.plus(slice.start().plus(slice.count()).times(-1));
            return rows.padded(g, axis, slice.start(), after);
        }
        long[] places =
                LongStream.range(0, slice.count().value())
                        .map(k -> slice.start().value() + k * slice.step())
                        .toArray();
        return scattered(g, axis, x, places);
    }

    private Node scattered(Node g, int axis, Node x, long... places) {
        Node indices = rows.builder().constant(Tensor.i64(Shape.of(places.length), places));
        return rows.builder().node(new ScatterAdd(axis, x.shape().extent(axis)), g, indices);
    }

    private Node part(int axis, List<Node> before, Node x, Node g) {
        Dim start = before.stream().map(n -> n.shape().dim(axis)).reduce(Dim.of(0), Dim::plus);
        return rows.builder().node(new Slice(axis, start, 1, x.shape().dim(axis)), g);
    }

    private Node pad(Pad pad, Node x, Node g) {
        Node inner = g;
        for (int axis = 0; axis < pad.begin().size(); axis++) {
            int begin = pad.begin().get(axis);
            int end = pad.end().get(axis);
            if (begin == 0 && end == 0) {
                continue;
            }
            inner =
                    switch (pad.mode()) {
                        case CONSTANT -> rows.padded(inner, axis, Dim.of(-begin), Dim.of(-end));
                        case EDGE, REFLECT -> {
                            int last = x.shape().extent(axis) - 1;
                            boolean mirrors = pad.mode() == Pad.Mode.REFLECT;
                            yield scattered(
                                    inner,
                                    axis,
                                    x,
                                    LongStream.rangeClosed(-begin, last + end)
                                            .map(p -> mirrors ? mirrored(p, last) : edge(p, last))
                                            .toArray());
                        }
                    };
        }
        return inner;
    }

    private static long edge(long place, int last) {
        return Math.clamp(place, 0, last);
    }

    private static long mirrored(long place, int last) {
        int period = Math.max(1, 2 * last);
        long folded = Math.floorMod(place, (long) period);
        return Math.min(folded, period - folded);
    }
}
