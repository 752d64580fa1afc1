package org.cinnabar.passes.gradients;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;

/** Sums, means and extremes over axes and windows, and batch normalization at inference. */
record ReductionRows(Rows rows) implements Rows.Row {
    @Override
    public Node pull(Node node, int i, Node g) {
        Node x = node.in(i);
        return switch (node.op()) {
            case Reduce(var f, _) -> reduce(f, node, x, g);
            case Pool(var f, Window window, boolean countPadding) ->
                    switch (f) {
                        case MAX -> rows.builder().node(new MaxUnpool(window), x, g);
                        case AVERAGE -> average(window, countPadding, x, g);
                    };
            case BatchNorm norm -> batchNorm(norm, node, i, g);
            default -> throw new IllegalStateException(node.toString());
        };
    }

    private Node reduce(Reduce.Function f, Node y, Node x, Node g) {
        return switch (f) {
            case SUM -> rows.expand(g, x.shape());
            case MEAN -> {
                double count = (double) x.shape().count() / y.shape().count();
                yield rows.expand(rows.times(g, rows.number(1 / count)), x.shape());
            }
            case PROD -> rows.over(rows.times(g, y), x);
            case MIN, MAX -> {
                Node hit = rows.binary(Binary.Function.EQUAL, x, y);
                Node ones = rows.where(hit, rows.number(1));
                Node ties = rows.sum(ones, ((Reduce) y.op()).axes());
                yield rows.where(hit, rows.over(g, ties));
            }
        };
    }

    /** A mean is a convolution of every channel with equal weights. */
    private Node average(Window window, boolean countPadding, Node x, Node g) {
        int channels = x.shape().extent(1);
        Node share = rows.times(g, shares(window, countPadding, x.shape(), g.shape()));
        float[] ones = new float[channels * window.taps()];
        Arrays.fill(ones, 1);
        Node weight = rows.builder().constant(Tensor.f32(Shape.of(channels, window.taps()), ones));
        return new ContractionRows(rows).data(window, channels, x.shape(), weight, share);
    }

    /** One over the number of numbers that each window's mean is of. */
    private Node shares(Window window, boolean countPadding, Shape x, Shape y) {
        if (countPadding || !window.isPadded() && fits(window, x)) {
            return rows.number(1.0 / window.taps());
        }
        Node counts = rows.number(1);
        for (int axis = 0; axis < window.rank(); axis++) {
            float[] count = new float[y.extent(axis + 2)];
            for (int p = 0; p < count.length; p++) {
                int start = p * window.stride().get(axis) - window.padBegin().get(axis);
                for (int t = 0; t < window.kernel().get(axis); t++) {
                    int at = start + t * window.dilation().get(axis);
                    count[p] += at >= 0 && at < x.extent(axis + 2) ? 1 : 0;
                }
            }
            List<Dim> shape = new ArrayList<>(Collections.nCopies(y.rank(), Dim.of(1)));
            shape.set(axis + 2, Dim.of(count.length));
            Node along = rows.builder().constant(Tensor.f32(new Shape(shape), count));
            counts = rows.times(counts, along);
        }
        return rows.unary(Unary.Function.RECIPROCAL, counts);
    }

    private static boolean fits(Window window, Shape x) {
        for (int axis = 0; axis < window.rank(); axis++) {
            if (window.reach(axis) > x.extent(axis + 2)) {
                return false;
            }
        }
        return true;
    }

    /** Differentiates {@code scale·(x - mean)/√(variance + ε) + bias}. */
    private Node batchNorm(BatchNorm norm, Node node, int i, Node g) {
        Shape perChannel = channels(node.shape());
        Node scale = rows.reshape(node.in(1), perChannel);
        Node mean = rows.reshape(node.in(3), perChannel);
        Node variance = rows.reshape(node.in(4), perChannel);
        Node shifted = rows.binary(Binary.Function.ADD, variance, rows.number(norm.epsilon()));
        Node inverse =
                rows.unary(Unary.Function.RECIPROCAL, rows.unary(Unary.Function.SQRT, shifted));
        Node centred = rows.binary(Binary.Function.SUB, node.in(0), mean);
        Node factor = rows.times(scale, inverse);
        return switch (i) {
            case 0 -> rows.times(g, factor);
            case 1 -> summed(rows.times(g, rows.times(centred, inverse)), node.in(i));
            case 2 -> summed(g, node.in(i));
            case 3 -> summed(rows.negated(rows.times(g, factor)), node.in(i));
            default -> {
                Node slope = rows.over(rows.times(factor, rows.number(-0.5)), shifted);
                yield summed(rows.times(rows.times(g, centred), slope), node.in(i));
            }
        };
    }

    private Node summed(Node g, Node parameter) {
        return rows.reshape(rows.gathered(g, channels(g.shape())), parameter.shape());
    }

    private static Shape channels(Shape shape) {
        List<Dim> dims = new ArrayList<>(Collections.nCopies(shape.rank(), Dim.of(1)));
        dims.set(1, shape.dim(1));
        return new Shape(dims);
    }
}
