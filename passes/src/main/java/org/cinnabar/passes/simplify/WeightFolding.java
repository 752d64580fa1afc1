package org.cinnabar.passes.simplify;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.rewrite.Context;
import org.cinnabar.ir.rewrite.Rule;
import org.cinnabar.ir.weights.Diagonal;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.LinearMap;
import org.cinnabar.ir.weights.LinearMaps;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.ir.weights.Product;
import org.jspecify.annotations.Nullable;

/**
 * Linear operations next to a contraction become part of its weight. Below, {@code ∗} is conv or
 * linear.
 */
final class WeightFolding {
    /** {@code matmul(x, c) → linear(x, cᵀ)} for one matrix c. */
    static final Rule MATMUL_TO_LINEAR =
            Rule.exact("matmul-to-linear", WeightFolding::matmulToLinear);

    private static @Nullable Node matmulToLinear(Node node, Context context) {
        boolean matches =
                node.op() instanceof MatMul && node.in(1).shape().rank() == 2 && isF32(node);
        return matches && node.in(1).op() instanceof Constant(Tensor value)
                ? context.node(new Linear(), node.in(0), context.weight(transposed(value)))
                : null;
    }

    /** {@code x ∗ c → x ∗ W} with the constant c as a dense weight. */
    static final Rule CONSTANT_TO_WEIGHT =
            Rule.exact("constant-to-weight", WeightFolding::constantToWeight);

    private static @Nullable Node constantToWeight(Node node, Context context) {
        if (!takesWeight(node)
                || !(node.in(1).op() instanceof Constant(Tensor value))
                || !isF32(node.in(1))) {
            return null;
        }
        int rows = value.shape().extent(0);
        Tensor matrix = value.reshaped(Shape.of(rows, value.count() / rows));
        return context.node(node.op(), node.in(0), context.weight(new Matrix(new F32(matrix))));
    }

    /**
     * {@code (x ∗ W) · a → x ∗ (diag(a)·W)} for a per output channel, where {@code x ∗ W} has no
     * other use.
     */
    static final Rule SCALE_OUTPUTS =
            Rule.rounding("fold-output-scale", 1e-6, WeightFolding::foldOutputScale);

    private static @Nullable Node foldOutputScale(Node node, Context context) {
        if (!node.op().equals(Algebra.MUL) || !isBare(node.in(0), node, context)) {
            return null;
        }
        Node inner = node.in(0);
        double[] scale = Constants.along(node.in(1), channelAxis(inner), node.shape());
        if (scale == null || !(inner.in(1).op() instanceof Weight(LinearMap map))) {
            return null;
        }
        Node weight = context.replacing(inner.in(1), new Weight(rowsScaled(map, scale)));
        return context.replacing(inner, inner.op(), inner.in(0), weight);
    }

    /** {@code (x · a) ∗ W → x ∗ (W·diag(a))} for a per input channel and a dense W. */
    static final Rule SCALE_INPUTS =
            Rule.rounding("fold-input-scale", 1e-6, WeightFolding::foldInputScale);

    private static @Nullable Node foldInputScale(Node node, Context context) {
        double[] scale = takesWeight(node) ? inputConstant(Algebra.MUL, node) : null;
        if (scale == null || !(node.in(1).op() instanceof Weight(Matrix(F32(Tensor entries))))) {
            return null;
        }
        Node weight =
                context.replacing(
                        node.in(1), new Weight(columnsScaled(entries, scale, groups(node))));
        return context.node(node.op(), node.in(0).in(0), weight);
    }

    /**
     * {@code (x + a) ∗ W + b → x ∗ W + (W·a + b)} for a per input channel and b per output channel,
     * where neither {@code (x + a) ∗ W} nor {@code x + a} has another use and ∗ does not pad. (A
     * sum that others use is added to x for free where x is computed, but not if x were used, too.)
     */
    static final Rule SHIFT_INPUTS =
            Rule.rounding("fold-input-shift", 1e-5, WeightFolding::foldInputShift);

    private static @Nullable Node foldInputShift(Node node, Context context) {
        if (!node.op().equals(Algebra.ADD) || !isBare(node.in(0), node, context)) {
            return null;
        }
        Node inner = node.in(0);
        int axis = channelAxis(inner);
        boolean folds = !isPadded(inner) && context.singleUse(inner.in(0));
        double[] a = folds ? inputConstant(Algebra.ADD, inner) : null;
        double[] b = Constants.along(node.in(1), axis, node.shape());
        if (a == null || b == null || !(inner.in(1).op() instanceof Weight(LinearMap map))) {
            return null;
        }
        Node bare = context.replacing(inner, inner.op(), inner.in(0).in(0), inner.in(1));
        Tensor bias = perChannel(shift(map, a, groups(inner), b), node.shape().rank() - axis);
        return context.node(Algebra.ADD, bare, context.constant(bias));
    }

    /**
     * {@code linear(reshape(transpose(x)), W) → linear(reshape(x), W')} with the columns of a dense
     * W in the order of x, where the transpose keeps axis 0 and the reshape flattens all others.
     */
    static final Rule FLATTENED_TRANSPOSE =
            Rule.exact("flattened-transpose", WeightFolding::flattenedTranspose);

    private static @Nullable Node flattenedTranspose(Node node, Context context) {
        if (!(node.op() instanceof Linear
                && node.in(0).op() instanceof Reshape
                && node.in(0).in(0).op() instanceof Transpose transpose
                && node.in(1).op() instanceof Weight(Matrix(F32 entries)))) {
            return null;
        }
        Node flat = node.in(0);
        Node x = flat.in(0).in(0);
        boolean flattens = flat.shape().rank() == 2 && flat.shape().dim(0).equals(x.shape().dim(0));
        if (!flattens || transpose.permutation().getFirst() != 0 || !tail(x.shape()).isKnown()) {
            return null;
        }
        Matrix ordered = columnsOrdered(entries, numbersBefore(transpose, tail(x.shape())));
        return context.node(node.op(), context.node(flat.op(), x), context.weight(ordered));
    }

    private WeightFolding() {}

    private static boolean isF32(Node node) {
        return node.type().dtype() == DType.F32;
    }

    private static boolean takesWeight(Node node) {
        return node.op() instanceof Conv || node.op() instanceof Linear;
    }

    /** Whether {@code inner} is {@code x ∗ W} with {@code user}, of its type, as its only use. */
    private static boolean isBare(Node inner, Node user, Context context) {
        return takesWeight(inner) && context.singleUse(inner) && user.type().equals(inner.type());
    }

    /** The axis of the channels that a contraction with a weight takes and makes. */
    private static int channelAxis(Node contraction) {
        return contraction.op() instanceof Conv ? 1 : contraction.shape().rank() - 1;
    }

    /** The a per channel of a contraction of {@code op(x, a)}, if it is one. */
    private static double @Nullable [] inputConstant(Binary op, Node contraction) {
        Node input = contraction.in(0);
        return input.op().equals(op) && input.type().equals(input.in(0).type())
                ? Constants.along(input.in(1), channelAxis(contraction), input.shape())
                : null;
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
                for (int row = 0, at = 0; row < map.rows(); row++) {
                    for (int end = at + map.cols(); at < end; at++) {
                        values[at] = (float) (values[at] * scale[row]);
                    }
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

    /** {@code entries} with column i at {@code places[i]}. */
    private static Matrix columnsOrdered(F32 entries, int[] places) {
        float[] values = entries.decode();
        float[] ordered = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int col = i % places.length;
            ordered[i - col + places[col]] = values[i];
        }
        return new Matrix(new F32(Tensor.f32(entries.shape(), ordered)));
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
