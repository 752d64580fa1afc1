package org.cinnabar.train;

import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Unary;

/** Short forms of the nodes that losses and updates are made of. */
public record Formula(GraphBuilder builder) {
    Node number(double value) {
        return builder.constant((float) value);
    }

    private Node binary(Binary.Function f, Node a, Node b) {
        return builder.node(new Binary(f), a, b);
    }

    private Node unary(Unary.Function f, Node x) {
        return builder.node(new Unary(f), x);
    }

    Node plus(Node a, Node b) {
        return binary(Binary.Function.ADD, a, b);
    }

    Node minus(Node a, Node b) {
        return binary(Binary.Function.SUB, a, b);
    }

    Node times(Node a, Node b) {
        return binary(Binary.Function.MUL, a, b);
    }

    Node times(Node a, double factor) {
        return factor == 1 ? a : times(a, number(factor));
    }

    Node over(Node a, Node b) {
        return binary(Binary.Function.DIV, a, b);
    }

    Node min(Node a, Node b) {
        return binary(Binary.Function.MIN, a, b);
    }

    Node max(Node a, Node b) {
        return binary(Binary.Function.MAX, a, b);
    }

    Node less(Node a, Node b) {
        return binary(Binary.Function.LESS, a, b);
    }

    Node equal(Node a, Node b) {
        return binary(Binary.Function.EQUAL, a, b);
    }

    Node and(Node a, Node b) {
        return binary(Binary.Function.AND, a, b);
    }

    Node or(Node a, Node b) {
        return binary(Binary.Function.OR, a, b);
    }

    Node where(Node condition, Node yes, Node no) {
        return builder.node(new Select(), condition, yes, no);
    }

    Node exp(Node x) {
        return unary(Unary.Function.EXP, x);
    }

    Node log(Node x) {
        return unary(Unary.Function.LOG, x);
    }

    Node sqrt(Node x) {
        return unary(Unary.Function.SQRT, x);
    }

    Node abs(Node x) {
        return unary(Unary.Function.ABS, x);
    }

    Node relu(Node x) {
        return unary(Unary.Function.RELU, x);
    }

    Node sign(Node x) {
        return unary(Unary.Function.SIGN, x);
    }

    Node reciprocal(Node x) {
        return unary(Unary.Function.RECIPROCAL, x);
    }

    Node atMost(Node x, double bound) {
        return builder.node(new Clip(Double.NEGATIVE_INFINITY, bound), x);
    }

    /** Truth as 0 and 1. */
    Node count(Node truth) {
        return builder.node(new Cast(DType.F32), truth);
    }

    Node reshape(Node x, long... extents) {
        return x.shape().equals(Shape.of(extents))
                ? x
                : builder.node(new Reshape(Shape.of(extents)), x);
    }

    Node reshape(Node x, Shape shape) {
        return x.shape().equals(shape) ? x : builder.node(new Reshape(shape), x);
    }

    Node sum(Node x, int... axes) {
        return builder.node(
                new Reduce(Reduce.Function.SUM, IntStream.of(axes).boxed().toList()), x);
    }

    Node greatest(Node x, int axis) {
        return builder.node(new Reduce(Reduce.Function.MAX, List.of(axis)), x);
    }

    /** The sum of all numbers, as a scalar. */
    Node total(Node x) {
        Node flat = reshape(x, 1, x.shape().count());
        return reshape(sum(flat, 1));
    }

    /** {@code 1 - base^step}. */
    Node oneMinusPower(double base, Node step) {
        Node power = exp(times(step, Math.log(base)));
        return minus(number(1), power);
    }
}
