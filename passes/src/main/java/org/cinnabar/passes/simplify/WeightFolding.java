package org.cinnabar.passes.simplify;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.rewrite.Rule;
import org.cinnabar.ir.weights.Diagonal;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.LinearMap;
import org.cinnabar.ir.weights.LinearMaps;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.ir.weights.Product;

/**
 * Linear operations next to a contraction become part of its weight. Below, {@code ∗} is conv or
 * linear.
 */
final class WeightFolding {
    /** {@code matmul(x, c) → linear(x, cᵀ)} for one matrix c. */
    static final Rule MATMUL_TO_LINEAR =
            Rule.exact(
                    "matmul-to-linear",
                    (node, context) -> {
                        boolean matches =
                                node.op() instanceof MatMul
                                        && node.in(1).op() instanceof Constant(Tensor value)
                                        && value.shape().rank() == 2
                                        && isF32(node);
                        if (!matches) {
                            return null;
                        }
                        Tensor value = Constants.value(node.in(1));
                        return context.node(
                                new Linear(), node.in(0), context.weight(transposed(value)));
                    });

    /** {@code x ∗ c → x ∗ W} with the constant c as a dense weight. */
    static final Rule CONSTANT_TO_WEIGHT =
            Rule.exact(
                    "constant-to-weight",
                    (node, context) -> {
                        boolean matches =
                                (node.op() instanceof Conv || node.op() instanceof Linear)
                                        && Constants.isConstant(node.in(1))
                                        && isF32(node.in(1));
                        return matches
                                ? context.node(
                                        node.op(),
                                        node.in(0),
                                        context.weight(
                                                new Matrix(new F32(Constants.value(node.in(1))))))
                                : null;
                    });

    /**
     * {@code (x ∗ W) · a → x ∗ (diag(a)·W)} for a per output channel, where {@code x ∗ W} has no
     * other use.
     */
    static final Rule SCALE_OUTPUTS =
            Rule.rounding(
                    "fold-output-scale",
                    1e-6,
                    (node, context) -> {
                        Node inner = node.op().equals(Algebra.MUL) ? node.in(0) : node;
                        if (!(inner != node
                                        && context.singleUse(inner)
                                        && node.type().equals(inner.type()))
                                || !(channelAxis(inner) >= 0
                                        && inner.in(1).op() instanceof Weight(LinearMap map))) {
                            return null;
                        }
                        double[] scale =
                                Constants.along(node.in(1), channelAxis(inner), node.shape());
                        if (scale == null) {
                            return null;
                        }
                        Node weight =
                                context.replacing(inner.in(1), new Weight(rowsScaled(map, scale)));
                        return context.replacing(inner, inner.op(), inner.in(0), weight);
                    });

    /** {@code (x · a) ∗ W → x ∗ (W·diag(a))} for a per input channel and a dense W. */
    static final Rule SCALE_INPUTS =
            Rule.rounding(
                    "fold-input-scale",
                    1e-6,
                    (node, context) -> {
                        if (channelAxis(node) < 0
                                || !(node.in(1).op() instanceof Weight(Matrix(F32(Tensor entries))))
                                || !node.in(0).op().equals(Algebra.MUL)
                                || !node.in(0).type().equals(node.in(0).in(0).type())) {
                            return null;
                        }
                        Node scaled = node.in(0);
                        double[] scale =
                                Constants.along(scaled.in(1), channelAxis(node), scaled.shape());
                        if (scale == null) {
                            return null;
                        }
                        Node weight =
                                context.replacing(
                                        node.in(1),
                                        new Weight(columnsScaled(entries, scale, groups(node))));
                        return context.node(node.op(), scaled.in(0), weight);
                    });

    /**
     * {@code (x + a) ∗ W + b → x ∗ W + (W·a + b)} for a per input channel and b per output channel,
     * where {@code (x + a) ∗ W} has no other use and ∗ does not pad.
     */
    static final Rule SHIFT_INPUTS =
            Rule.rounding(
                    "fold-input-shift",
                    1e-5,
                    (node, context) -> {
                        Node inner = node.op().equals(Algebra.ADD) ? node.in(0) : node;
                        if (inner == node
                                || !context.singleUse(inner)
                                || !node.type().equals(inner.type())
                                || channelAxis(inner) < 0
                                || isPadded(inner)
                                || !inner.in(0).op().equals(Algebra.ADD)
                                || !(inner.in(1).op() instanceof Weight(LinearMap map))) {
                            return null;
                        }
                        Node shifted = inner.in(0);
                        int axis = channelAxis(inner);
                        double[] a =
                                shifted.type().equals(shifted.in(0).type())
                                        ? Constants.along(shifted.in(1), axis, shifted.shape())
                                        : null;
                        double[] b = Constants.along(node.in(1), axis, node.shape());
                        if (a == null || b == null) {
                            return null;
                        }
                        Node bare =
                                context.replacing(inner, inner.op(), shifted.in(0), inner.in(1));
                        Tensor bias =
                                perChannel(
                                        shift(map, a, groups(inner), b),
                                        node.shape().rank() - axis);
                        return context.node(Algebra.ADD, bare, context.constant(bias));
                    });

    /**
     * {@code linear(reshape(transpose(x)), W) → linear(reshape(x), W')} with the columns of a dense
     * W in the order of x, where the transpose keeps axis 0 and the reshape flattens all others.
     */
    static final Rule FLATTENED_TRANSPOSE =
            Rule.exact(
                    "flattened-transpose",
                    (node, context) -> {
                        boolean matches =
                                node.op() instanceof Linear
                                        && node.in(1).op() instanceof Weight(Matrix(F32 _))
                                        && node.in(0).op() instanceof Reshape
                                        && node.in(0).in(0).op()
                                                instanceof Transpose(var permutation)
                                        && permutation.getFirst() == 0;
                        if (!matches) {
                            return null;
                        }
                        Node flat = node.in(0);
                        Node transpose = flat.in(0);
                        Shape before = transpose.in(0).shape();
                        if (flat.shape().rank() != 2
                                || !flat.shape().dim(0).equals(before.dim(0))
                                || !tail(before).isKnown()) {
                            return null;
                        }
                        Node x = context.node(flat.op(), transpose.in(0));
                        return context.node(
                                node.op(),
                                x,
                                context.weight(
                                        columnsOf(node, tail(before), (Transpose) transpose.op())));
                    });

    private WeightFolding() {}

    private static boolean isF32(Node node) {
        return node.type().dtype() == DType.F32;
    }

    /**
     * The axis of the channels that a contraction with a weight makes and takes, or -1 for other
     * ops.
     */
    private static int channelAxis(Node node) {
        if (node.op() instanceof Linear) {
            return node.shape().rank() - 1;
        }
        return node.op() instanceof Conv ? 1 : -1;
    }

    private static int groups(Node contraction) {
        return contraction.op() instanceof Conv conv ? conv.groups() : 1;
    }

    private static boolean isPadded(Node contraction) {
        return contraction.op() instanceof Conv(Window window, _) && window.isPadded();
    }

    private static Matrix transposed(Tensor value) {
        int rows = value.shape().extent(0);
        int cols = value.shape().extent(1);
        float[] values = value.floats();
        float[] transposed = new float[values.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < cols; j++) {
                transposed[j * rows + i] = values[i * cols + j];
            }
        }
        return new Matrix(F32.of(transposed, cols, rows));
    }

    private static LinearMap rowsScaled(LinearMap map, double[] scale) {
        return switch (map) {
            case Matrix(F32(Tensor entries)) -> {
                float[] values = entries.floats().clone();
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (values[i] * scale[i / map.cols()]);
                }
                yield new Matrix(new F32(Tensor.f32(entries.shape(), values)));
            }
            case Diagonal _, Product _ -> {
                Tensor diagonal = Tensor.f64(Shape.of(scale.length), scale);
                yield new Product(
                        List.of(new Diagonal(F32.of(diagonal.toFloats(), scale.length)), map));
            }
        };
    }

    private static Matrix columnsScaled(Tensor entries, double[] scale, int groups) {
        int cols = entries.shape().extent(1);
        float[] values = entries.floats().clone();
        for (int row = 0; row < entries.shape().extent(0); row++) {
            double[] columns = columns(scale, row, entries.shape(), groups);
            for (int col = 0; col < cols; col++) {
                int at = row * cols + col;
                values[at] = (float) (values[at] * columns[col]);
            }
        }
        return new Matrix(new F32(Tensor.f32(entries.shape(), values)));
    }

    /** {@code W·a + b} for a patch that holds a[c] wherever it holds channel c. */
    private static double[] shift(LinearMap map, double[] a, int groups, double[] b) {
        float[] values = LinearMaps.dense(map);
        double[] sums = b.clone();
        for (int row = 0; row < map.rows(); row++) {
            double[] columns = columns(a, row, Shape.of(map.rows(), map.cols()), groups);
            for (int col = 0; col < map.cols(); col++) {
                sums[row] += values[row * map.cols() + col] * columns[col];
            }
        }
        return sums;
    }

    /**
     * For every column of a row of a weight, the entry of {@code perChannel} for the input channel
     * that it acts on.
     */
    private static double[] columns(double[] perChannel, int row, Shape weight, int groups) {
        int cols = weight.extent(1);
        int channels = perChannel.length / groups;
        int first = row / (weight.extent(0) / groups) * channels;
        double[] columns = new double[cols];
        Arrays.setAll(columns, col -> perChannel[first + col / (cols / channels)]);
        return columns;
    }

    /** Values along the first of {@code rank} axes. */
    private static Tensor perChannel(double[] values, int rank) {
        long[] extents = new long[rank];
        Arrays.fill(extents, 1);
        extents[0] = values.length;
        return Tensor.f32(
                Shape.of(extents), Tensor.f64(Shape.of(values.length), values).toFloats());
    }

    /**
     * A linear node's weight with columns for the elements of x in place of those of its transpose.
     */
    private static Matrix columnsOf(Node linear, Shape x, Transpose transpose) {
        int[] numbers = numbersBefore(transpose, x);
        LinearMap map = ((Weight) linear.in(1).op()).map();
        float[] values = LinearMaps.dense(map);
        float[] ordered = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int col = i % map.cols();
            ordered[i - col + numbers[col]] = values[i];
        }
        return new Matrix(F32.of(ordered, map.rows(), map.cols()));
    }

    /** Of every element of the transpose of one x, its number before. */
    private static int[] numbersBefore(Transpose transpose, Shape x) {
        long[] numbers = LongStream.range(0, x.count()).toArray();
        List<Integer> permutation =
                transpose.permutation().stream().skip(1).map(axis -> axis - 1).toList();
        Tensor after =
                Interpreter.evaluate(new Transpose(permutation), List.of(Tensor.i64(x, numbers)));
        return Arrays.stream(after.longs()).mapToInt(Math::toIntExact).toArray();
    }

    private static Shape tail(Shape shape) {
        return new Shape(shape.dims().subList(1, shape.rank()));
    }
}
