package org.cinnabar.passes.gradients;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.jspecify.annotations.Nullable;

/** The rows of all core ops, and the few nodes that they are made of. */
final class Rows {
    /** A row: what of the gradient g of {@code node} reaches its operand i; null if nothing. */
    interface Row {
        @Nullable Node pull(Node node, int i, Node g);
    }

    private final GraphBuilder builder;
    private final Row elementwise = new ElementwiseRows(this);
    private final Row contractions = new ContractionRows(this);
    private final Row movements = new MovementRows(this);
    private final Row reductions = new ReductionRows(this);

    Rows(GraphBuilder builder) {
        this.builder = builder;
    }

    Row elementwise() {
        return elementwise;
    }

    Row contractions() {
        return contractions;
    }

    Row movements() {
        return movements;
    }

    Row reductions() {
        return reductions;
    }

    GraphBuilder builder() {
        return builder;
    }

    Node number(double value) {
        return builder.constant((float) value);
    }

    Node unary(Unary.Function f, Node x) {
        return builder.node(new Unary(f), x);
    }

    Node binary(Binary.Function f, Node a, Node b) {
        return builder.node(new Binary(f), a, b);
    }

    Node times(Node a, Node b) {
        return binary(Binary.Function.MUL, a, b);
    }

    Node over(Node a, Node b) {
        return binary(Binary.Function.DIV, a, b);
    }

    Node negated(Node x) {
        return unary(Unary.Function.NEG, x);
    }

    /** {@code g} where {@code condition} holds, 0 elsewhere. */
    Node where(Node condition, Node g) {
        return builder.node(new Select(), condition, g, number(0));
    }

    /** {@code g} where {@code condition} does not hold, 0 elsewhere. */
    Node unless(Node condition, Node g) {
        return builder.node(new Select(), condition, number(0), g);
    }

    Node reshape(Node x, Shape shape) {
        return x.shape().equals(shape) ? x : builder.node(new Reshape(shape), x);
    }

    Node expand(Node x, Shape shape) {
        return x.shape().equals(shape) ? x : builder.node(new Expand(shape), x);
    }

    Node transpose(Node x, List<Integer> permutation) {
        return builder.node(new Transpose(permutation), x);
    }

    /** The last two axes exchanged. */
    Node transposed(Node x) {
        List<Integer> permutation =
                new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
        Collections.swap(permutation, x.shape().rank() - 2, x.shape().rank() - 1);
        return transpose(x, permutation);
    }

    Node reversed(Node x, int axis) {
        Dim extent = x.shape().dim(axis);
        return extent.is(1) ? x : builder.node(new Slice(axis, extent.plus(-1), -1, extent), x);
    }

    /** The sum over {@code axes}, which keep extent 1. */
    Node sum(Node x, List<Integer> axes) {
        return axes.isEmpty() ? x : builder.node(new Reduce(Reduce.Function.SUM, axes), x);
    }

    /** What of {@code g} reaches an operand of {@code shape} that was broadcast to g's shape. */
    Node gathered(Node g, Shape shape) {
        int missing = g.shape().rank() - shape.rank();
        List<Integer> repeated =
                IntStream.range(0, g.shape().rank())
                        .filter(a -> a < missing || shape.dim(a - missing).is(1))
                        .filter(a -> !g.shape().dim(a).is(1))
                        .boxed()
                        .toList();
        if (g.shape().rank() > 2 && repeated.size() > 2 && repeated.getFirst() == 0) {
            // Images apart from each other in memory are summed on their own first.
            Node images = sum(g, repeated.subList(1, repeated.size()));
            return reshape(sum(images, List.of(0)), shape);
        }
        return reshape(sum(g, repeated), shape);
    }

    /** {@code before} and {@code after} more zeros around an axis; fewer of it where negative. */
    Node padded(Node x, int axis, Dim before, Dim after) {
        Node cut = x;
        int front = Math.toIntExact(before.value());
        int back = Math.toIntExact(after.value());
        if (front < 0 || back < 0) {
            Dim count = x.shape().dim(axis).plus(Math.min(front, 0)).plus(Math.min(back, 0));
            cut = builder.node(new Slice(axis, Dim.of(Math.max(-front, 0)), 1, count), x);
        }
        if (front <= 0 && back <= 0) {
            return cut;
        }
        List<Integer> begin = new ArrayList<>(Collections.nCopies(x.shape().rank(), 0));
        List<Integer> end = new ArrayList<>(begin);
        begin.set(axis, Math.max(front, 0));
        end.set(axis, Math.max(back, 0));
        return builder.node(new Pad(begin, end, Pad.Mode.CONSTANT, 0), cut);
    }
}
