package org.cinnabar.passes.lower;

import java.util.function.IntFunction;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * The filters of a convolution in the frequency domain: {@code Σ_ij w[i,j]·e^(2πi(u·j +
 * v·i)/n)/n²}, the conjugate of their Fourier transforms, for correlation is what layers compute,
 * over what the transforms there and back leave as a factor.
 */
final class Spectrum {
    /** Filters that are transformed at a time: their numbers stay in the cache. */
    private static final int TOGETHER = 1 << 10;

    private final int size;
    private final int filters;
    private final int rows;
    private final int columns;
    private final int rowStep;
    private final int columnStep;
    private final double[][] taps;

    /** The spectrum of {@code root}'s filters, as many as it has pairs of channels. */
    Spectrum(Node root, int size) {
        Window window = ((Conv) root.op()).window();
        this.size = size;
        this.rows = window.kernel().get(0);
        this.columns = window.kernel().get(1);
        this.rowStep = window.dilation().get(0);
        this.columnStep = window.dilation().get(1);
        float[] dense = LinearMaps.dense(((Weight) root.in(1).op()).map());
        this.filters = dense.length / (rows * columns);
        this.taps = new double[rows * columns][filters];
        for (int f = 0; f < filters; f++) {
            for (int tap = 0; tap < taps.length; tap++) {
                taps[tap][f] = (double) dense[f * taps.length + tap] / (size * size);
            }
        }
    }

    /** Takes the spectrum's numbers: at each frequency those of the filters from a first one on. */
    interface Sink {
        void accept(int u, int v, int first, double[] re, double[] im);
    }

    /**
     * Gives {@code sink} frequencies {@code u} along rows, up to the middle, and for each the first
     * {@code count.apply(u)} frequencies {@code v} along columns.
     */
    void compute(IntFunction<Integer> count, Sink sink) {
        for (int first = 0; first < filters; first += TOGETHER) {
            compute(first, Math.min(TOGETHER, filters - first), count, sink);
        }
    }

    private void compute(int first, int length, IntFunction<Integer> count, Sink sink) {
        double[][] re = new double[rows][];
        double[][] im = new double[rows][];
        for (int u = 0; u <= size / 2; u++) {
            for (int i = 0; i < rows; i++) {
                re[i] = new double[length];
                im[i] = new double[length];
                for (int j = 0; j < columns; j++) {
                    double angle = 2 * Math.PI * (u * j * columnStep % size) / size;
                    accumulate(re[i], Math.cos(angle), taps[i * columns + j], first);
                    accumulate(im[i], Math.sin(angle), taps[i * columns + j], first);
                }
            }
            for (int v = 0; v < count.apply(u); v++) {
                double[] sumRe = new double[length];
                double[] sumIm = new double[length];
                for (int i = 0; i < rows; i++) {
                    double angle = 2 * Math.PI * (v * i * rowStep % size) / size;
                    double cos = Math.cos(angle);
                    double sin = Math.sin(angle);
                    accumulate(sumRe, cos, re[i], 0);
                    accumulate(sumRe, -sin, im[i], 0);
                    accumulate(sumIm, cos, im[i], 0);
                    accumulate(sumIm, sin, re[i], 0);
                }
                sink.accept(u, v, first, sumRe, sumIm);
            }
        }
    }

    private static void accumulate(double[] sum, double factor, double[] x, int first) {
        for (int f = 0; f < sum.length; f++) {
            sum[f] += factor * x[first + f];
        }
    }
}
