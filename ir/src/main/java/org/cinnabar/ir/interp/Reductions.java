package org.cinnabar.ir.interp;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Window;

/** Reductions over whole axes and over windows. */
final class Reductions {
    private Reductions() {}

    static double[] reduce(Reduce op, Tensor x, Shape shape) {
        double[] values = x.toDoubles();
        int[] targets = Index.positions(Index.broadcast(shape, x.shape()));
        double[] y = new double[shape.count()];
        Arrays.fill(y, neutral(op.f()));
        DoubleBinaryOperator f = accumulate(op.f());
        for (int i = 0; i < values.length; i++) {
            y[targets[i]] = f.applyAsDouble(y[targets[i]], values[i]);
        }
        if (op.f() == Reduce.Function.MEAN) {
            double count = (double) values.length / y.length;
            return Arrays.stream(y).map(sum -> sum / count).toArray();
        }
        return y;
    }

    private static double neutral(Reduce.Function f) {
        return switch (f) {
            case SUM, MEAN -> 0;
            case PROD -> 1;
            case MIN -> Double.POSITIVE_INFINITY;
            case MAX -> Double.NEGATIVE_INFINITY;
        };
    }

    private static DoubleBinaryOperator accumulate(Reduce.Function f) {
        return switch (f) {
            case SUM, MEAN -> Double::sum;
            case PROD -> (a, b) -> a * b;
            case MIN -> Math::min;
            case MAX -> Math::max;
        };
    }

    static double[] pool(Pool op, Tensor x, Shape shape) {
        double[] values = x.toDoubles();
        int[][] taps = Sums.taps(op.window(), x.shape(), shape);
        int positions = taps[0].length;
        int planes = shape.extent(0) * shape.extent(1);
        int plane = values.length / planes;
        double[] y = new double[shape.count()];
        IntStream.range(0, planes)
                .parallel()
                .forEach(
                        p -> {
                            for (int i = 0; i < positions; i++) {
                                y[p * positions + i] = pooled(op, values, p * plane, taps, i);
                            }
                        });
        return y;
    }

    /**
     * What {@code op} makes of the window at {@code position} of the plane that starts at {@code
     * start}.
     */
    private static double pooled(Pool op, double[] values, int start, int[][] taps, int position) {
        double sum = 0;
        double max = Double.NEGATIVE_INFINITY;
        int count = 0;
        for (int[] tap : taps) {
            if (tap[position] >= 0) {
                double value = values[start + tap[position]];
                sum += value;
                max = Math.max(max, value);
                count++;
            }
        }
        return switch (op.f()) {
            case MAX -> max;
            case AVERAGE -> sum / (op.countPadding() ? taps.length : count);
        };
    }

    /** Every number of {@code z} at the first maximum under its window of {@code x}, added up. */
    static double[] maxUnpool(Window window, Tensor x, Tensor z) {
        double[] values = x.doubles();
        double[] results = z.doubles();
        int[][] taps = Sums.taps(window, x.shape(), z.shape());
        int positions = taps[0].length;
        int planes = x.shape().extent(0) * x.shape().extent(1);
        int plane = values.length / planes;
        double[] y = new double[values.length];
        for (int i = 0; i < planes * positions; i++) {
            int start = i / positions * plane;
            int best = -1;
            for (int[] tap : taps) {
                int at = tap[i % positions];
                if (at >= 0 && (best < 0 || values[start + at] > values[start + best])) {
                    best = at;
                }
            }
            y[start + best] += results[i];
        }
        return y;
    }
}
