package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;

/**
 * Writes core ops as the formulas they stand for. A number among the operands is a scalar of the
 * other operand's element type; movements that change nothing return their operand.
 */
abstract class CoreBuilder {
    private final GraphBuilder builder;

    CoreBuilder(GraphBuilder builder) {
        this.builder = builder;
    }

    final Node op(Op op, Node... in) {
        return builder.node(op, in);
    }

    final Node op(Op op, List<Node> in) {
        return builder.node(op, in);
    }

    final Node constant(Tensor value) {
        return builder.constant(value);
    }

    final Node scalar(DType type, double value) {
        return constant(
                type.isFloating()
                        ? Tensor.scalar((float) value)
                        : Tensor.integers(type, Shape.SCALAR, (long) value));
    }

    final Node unary(Unary.Function f, Node x) {
        return op(new Unary(f), x);
    }

    final Node binary(Binary.Function f, Node a, Node b) {
        return op(new Binary(f), a, b);
    }

    private Node binary(Binary.Function f, Node a, double b) {
        return binary(f, a, scalar(a.type().dtype(), b));
    }

    final Node add(Node a, Node b) {
        return binary(Binary.Function.ADD, a, b);
    }

    final Node add(Node a, double b) {
        return binary(Binary.Function.ADD, a, b);
    }

    final Node sub(Node a, Node b) {
        return binary(Binary.Function.SUB, a, b);
    }

    final Node sub(Node a, double b) {
        return binary(Binary.Function.SUB, a, b);
    }

    final Node mul(Node a, Node b) {
        return binary(Binary.Function.MUL, a, b);
    }

    final Node mul(Node a, double b) {
        return binary(Binary.Function.MUL, a, b);
    }

    final Node div(Node a, Node b) {
        return binary(Binary.Function.DIV, a, b);
    }

    final Node div(Node a, double b) {
        return binary(Binary.Function.DIV, a, b);
    }

    final Node pow(Node a, double b) {
        return binary(Binary.Function.POW, a, b);
    }

    final Node square(Node x) {
        return mul(x, x);
    }

    final Node exp(Node x) {
        return unary(Unary.Function.EXP, x);
    }

    final Node log(Node x) {
        return unary(Unary.Function.LOG, x);
    }

    final Node sqrt(Node x) {
        return unary(Unary.Function.SQRT, x);
    }

    final Node relu(Node x) {
        return unary(Unary.Function.RELU, x);
    }

    /** {@code min(x, 0)}. */
    final Node negativePart(Node x) {
        return clip(x, Double.NEGATIVE_INFINITY, 0);
    }

    final Node clip(Node x, double low, double high) {
        return op(new Clip(low, high), x);
    }

    final Node select(Node condition, Node a, Node b) {
        return op(new Select(), condition, a, b);
    }

    final Node cast(Node x, DType to) {
        return x.type().dtype() == to ? x : op(new Cast(to), x);
    }

    final Node reduce(Reduce.Function f, Node x, List<Integer> axes) {
        return op(new Reduce(f, axes), x);
    }

    final Node mean(Node x, List<Integer> axes) {
        return reduce(Reduce.Function.MEAN, x, axes);
    }

    final Node reshape(Node x, Shape shape) {
        if (x.shape().equals(shape)) {
            return x;
        }
        if (x.op() instanceof Constant(Tensor value) && shape.size().equals(x.shape().size())) {
            return constant(value.reshaped(shape));
        }
        return op(new Reshape(shape), x);
    }

    final Node reshape(Node x, Dim... dims) {
        return reshape(x, new Shape(List.of(dims)));
    }

    final Node expand(Node x, Shape shape) {
        return x.shape().equals(shape) ? x : op(new Expand(shape), x);
    }

    final Node transpose(Node x, Integer... permutation) {
        return transpose(x, Arrays.asList(permutation));
    }

    final Node transpose(Node x, List<Integer> permutation) {
        boolean identity =
                IntStream.range(0, permutation.size()).allMatch(i -> permutation.get(i) == i);
        return identity ? x : op(new Transpose(permutation), x);
    }

    /** Exchanges the last two axes. */
    final Node transposeMatrix(Node x) {
        List<Integer> permutation = new ArrayList<>(axes(0, x.shape().rank()));
        Collections.swap(permutation, permutation.size() - 1, permutation.size() - 2);
        return transpose(x, permutation);
    }

    /** {@code count} elements of {@code axis} from {@code start} on. */
    final Node slice(Node x, int axis, Dim start, Dim count) {
        return start.is(0) && count.equals(x.shape().dim(axis))
                ? x
                : op(new Slice(axis, start, 1, count), x);
    }

    /** The entries of {@code axis} at {@code indices}. */
    final Node gather(Node x, int axis, long... indices) {
        return op(new Gather(axis), x, constant(Tensor.i64(Shape.of(indices.length), indices)));
    }

    /**
     * {@code vector} as {@code [C,1,1...]}, to broadcast over the channels (axis 1) of a value of
     * the given rank.
     */
    final Node perChannel(Node vector, int rank) {
        if (vector.shape().rank() != 1) {
            throw new IllegalArgumentException(
                    "needs one number per channel, got " + vector.type());
        }
        return along(vector, 1, rank);
    }

    /**
     * {@code vector} with axes of extent 1 appended, to broadcast along {@code axis} of a value of
     * the given rank.
     */
    final Node along(Node vector, int axis, int rank) {
        List<Dim> dims = new ArrayList<>(Collections.nCopies(rank - axis, Dim.of(1)));
        dims.set(0, vector.shape().size());
        return reshape(vector, new Shape(dims));
    }

    /** {@code from, from+1, ..., to-1}. */
    static List<Integer> axes(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}
