package org.cinnabar.ir.interp;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Window;

/** The contractions: sums of products in double precision. */
final class Sums {
    /**
     * Positions of a convolution worked on together, so that their sums stay in the nearest cache.
     */
    private static final int BLOCK = 256;

    private Sums() {}

    /** {@code y[..., :] = w·x[..., :]}. */
    static double[] linear(double[] x, Tensor weight) {
        int rows = weight.shape().extent(0);
        int cols = weight.shape().extent(1);
        double[] y = new double[x.length / cols * rows];
        IntStream.range(0, rows)
                .parallel()
                .forEach(
                        row -> {
                            double[] w = row(weight, row, cols);
                            for (int i = 0; i < x.length / cols; i++) {
                                double sum = 0;
                                for (int j = 0; j < cols; j++) {
                                    sum += w[j] * x[i * cols + j];
                                }
                                y[i * rows + row] = sum;
                            }
                        });
        return y;
    }

    /** {@code [..., m, k]·[..., k, n]}. */
    static double[] matmul(Tensor a, Tensor b, Shape shape) {
        double[] left = a.toDoubles();
        double[] right = b.toDoubles();
        int m = a.shape().extent(-2);
        int k = a.shape().extent(-1);
        int n = b.shape().extent(-1);
        int[] aBatch = batch(a.shape(), shape);
        int[] bBatch = batch(b.shape(), shape);
        double[] y = new double[shape.count()];
        IntStream.range(0, aBatch.length * m)
                .parallel()
                .forEach(
                        row -> {
                            int aStart = aBatch[row / m] * m * k + row % m * k;
                            int bStart = bBatch[row / m] * k * n;
                            for (int l = 0; l < k; l++) {
                                addScaled(left[aStart + l], right, bStart + l * n, y, row * n, n);
                            }
                        });
        return y;
    }

    /** Number of the matrix of {@code from} that each matrix of {@code to} is made of. */
    private static int[] batch(Shape from, Shape to) {
        Shape fromBatch = new Shape(from.dims().subList(0, from.rank() - 2));
        Shape toBatch = new Shape(to.dims().subList(0, to.rank() - 2));
        return Index.positions(Index.broadcast(fromBatch, toBatch));
    }

    /**
     * {@code x[N,C,spatial...]} under {@code conv} with the weight {@code [K, C/groups·taps]},
     * giving {@code shape}.
     */
    static double[] conv(Conv conv, Tensor x, Tensor weight, Shape shape) {
        int groups = conv.groups();
        int cols = weight.count() / shape.extent(1);
        int[][] taps = taps(conv.window(), x.shape(), shape);
        int positions = taps[0].length;
        int blocks = Math.ceilDiv(positions, BLOCK);
        double[] y = new double[shape.count()];
        IntStream.range(0, shape.extent(0) * groups * blocks)
                .parallel()
                .forEach(
                        task -> {
                            int start = task % blocks * BLOCK;
                            int width = Math.min(BLOCK, positions - start);
                            int part = task / blocks;
                            double[] patches = patches(x, part, groups, taps, start, width);
                            int rows = shape.extent(1) / groups;
                            for (int row = 0; row < rows; row++) {
                                double[] w = row(weight, part % groups * rows + row, cols);
                                int yStart = (part * rows + row) * positions + start;
                                for (int j = 0; j < cols; j++) {
                                    addScaled(w[j], patches, j * width, y, yStart, width);
                                }
                            }
                        });
        return y;
    }

    /** {@code y[t,c,k] = Σ_{n,p} x[n,(g,c),p·stride + t·dilation - pad]·z[n,k,p]}. */
    static double[] correlate(Correlate op, Tensor x, Tensor z, Shape shape) {
        double[] values = x.doubles();
        double[] results = z.doubles();
        int[][] taps = taps(op.window(), x.shape(), z.shape());
        int positions = taps[0].length;
        int outputs = z.shape().extent(1);
        int channels = shape.extent(-2);
        int plane = values.length / (x.shape().extent(0) * x.shape().extent(1));
        double[] y = new double[shape.count()];
        IntStream.range(0, y.length)
                .parallel()
                .forEach(
                        at -> {
                            int k = at % outputs;
                            int c = at / outputs % channels;
                            int[] tap = taps[at / outputs / channels];
                            int channel = k / (outputs / op.groups()) * channels + c;
                            double sum = 0;
                            for (int n = 0; n < x.shape().extent(0); n++) {
                                int from = (n * x.shape().extent(1) + channel) * plane;
                                int to = (n * outputs + k) * positions;
                                for (int p = 0; p < positions; p++) {
                                    sum += tap[p] < 0 ? 0 : values[from + tap[p]] * results[to + p];
                                }
                            }
                            y[at] = sum;
                        });
        return y;
    }

    /**
     * What the window sees: a row per (channel of the part, tap), a column per position of the
     * block.
     */
    private static double[] patches(
            Tensor x, int part, int groups, int[][] taps, int start, int width) {
        double[] values = x.doubles();
        int channels = x.shape().extent(1) / groups;
        int plane = values.length / (x.shape().extent(0) * x.shape().extent(1));
        double[] patches = new double[channels * taps.length * width];
        int at = 0;
        for (int channel = part * channels; channel < (part + 1) * channels; channel++) {
            for (int[] tap : taps) {
                for (int i = start; i < start + width; i++) {
                    patches[at++] = tap[i] < 0 ? 0 : values[channel * plane + tap[i]];
                }
            }
        }
        return patches;
    }

    /**
     * For every tap of the window, row-major: the position within a plane of {@code in} that it
     * sees from each position of a plane of {@code out}, or {@link Index#OUTSIDE} in the padding.
     */
    static int[][] taps(Window window, Shape in, Shape out) {
        int[] strides = Index.strides(in);
        int[][] taps = new int[window.taps()][];
        for (int tap = 0; tap < taps.length; tap++) {
            int[][] tables = new int[window.rank()][];
            int rest = tap;
            for (int axis = window.rank() - 1; axis >= 0; axis--) {
                int offset =
                        rest % window.kernel().get(axis) * window.dilation().get(axis)
                                - window.padBegin().get(axis);
                int step = window.stride().get(axis);
                int extent = in.extent(axis + 2);
                int stride = strides[axis + 2];
                tables[axis] =
                        IntStream.range(0, out.extent(axis + 2))
                                .map(i -> i * step + offset)
                                .map(i -> i < 0 || i >= extent ? Index.OUTSIDE : i * stride)
                                .toArray();
                rest /= window.kernel().get(axis);
            }
            taps[tap] = Index.positions(tables);
        }
        return taps;
    }

    private static double[] row(Tensor weight, int row, int cols) {
        if (weight.dtype() == DType.F64) {
            return Arrays.copyOfRange(weight.doubles(), row * cols, (row + 1) * cols);
        }
        double[] wide = new double[cols];
        for (int j = 0; j < cols; j++) {
            wide[j] = weight.floats()[row * cols + j];
        }
        return wide;
    }

    private static void addScaled(
            double scale, double[] x, int xStart, double[] y, int yStart, int count) {
        for (int i = 0; i < count; i++) {
            y[yStart + i] += scale * x[xStart + i];
        }
    }
}
