package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.Value.UnaryFunction;

/**
 * Weights as integers of 16 bits times a scale per output channel, two in the place of one. Of a
 * panel's two halves, the lower bits of a number store a weight of the second; the number itself,
 * taken as one integer, is a weight of the first, the nearest of all that have those lower bits.
 * Either is an integer that is 2^16 times as large; the scales make up for that, once for each sum:
 * those of a stretch come before its steps.
 */
final class Int16 implements Precision {
    /** Channels of a half: those of the longest vector. */
    private static final int HALF = 16;

    /** Most vectors of a tile. */
    private static final int MOST_VECTORS = 8;

    /** The largest integer, in both halves. */
    private static final int LARGEST = Short.MAX_VALUE;

    /** The size of a step between neighbouring integers. */
    private static final double UNIT = 1 << Short.SIZE;

    /**
     * How much larger the errors of all sums may be than their spread, if the largest sum is as
     * much larger than the spread of sums.
     */
    private static final double MARGIN = 1.25;

    /** What decoding a step takes, of what a step of {@link Fp24} does. */
    private static final double DECODING = 0.1;

    @Override
    public String suffix() {
        return "-int16";
    }

    @Override
    public int width() {
        return 2 * HALF;
    }

    @Override
    public int size(int width) {
        return width / 2;
    }

    @Override
    public int scales() {
        return width();
    }

    @Override
    public float[] encode(float[] weights, int steps) {
        int stretches = weights.length / (steps * width());
        int stored = scales() + steps * HALF;
        float[] encoded = new float[Math.multiplyExact(stretches, stored)];
        for (int stretch = 0; stretch < stretches; stretch++) {
            float[] scales = scales(weights, stretch * steps, steps);
            System.arraycopy(scales, 0, encoded, stretch * stored, scales());
            for (int step = 0; step < steps; step++) {
                int from = (stretch * steps + step) * width();
                int to = stretch * stored + scales() + step * HALF;
                encode(weights, from, scales, encoded, to);
            }
        }
        return encoded;
    }

    /** One step. */
    private static void encode(float[] weights, int from, float[] scales, float[] encoded, int to) {
        for (int i = 0; i < HALF; i++) {
            float first = weights[from + i] / scales[i];
            float second = weights[from + HALF + i] / scales[HALF + i];
            encoded[to + i] = Float.intBitsToFloat(word(first, second));
        }
    }

    /** What integers that are 2^16 times as large are to be multiplied by, for each channel. */
    private float[] scales(float[] weights, int first, int steps) {
        float[] scales = new float[width()];
        for (int step = first; step < first + steps; step++) {
            enlarge(scales, weights, step * width());
        }
        for (int channel = 0; channel < width(); channel++) {
            double scale = scales[channel] / (LARGEST * UNIT);
            scales[channel] = (float) Math.max(scale, Float.MIN_NORMAL);
        }
        return scales;
    }

    /** Makes {@code sizes} those of {@code weights} where these are larger. */
    private static void enlarge(float[] sizes, float[] weights, int from) {
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.max(sizes[i], Math.abs(weights[from + i]));
        }
    }

    /** Of weights in their scale. */
    private static int word(float first, float second) {
        int low = Short.toUnsignedInt((short) Math.rint(second / UNIT));
        long high = Math.round((first - low) / UNIT);
        return Math.clamp(high, Short.MIN_VALUE, LARGEST) << Short.SIZE | low;
    }

    @Override
    public double rounding(Supplier<float[]> entries, int columns) {
        float[] all = entries.get();
        double squares = 0;
        double largest = 0;
        for (int row = 0; row < all.length; row += columns) {
            squares += squares(all, row, row + columns);
            double most = largest(all, row, row + columns);
            largest += most * most * columns;
        }
        double spread = Math.sqrt(largest / 12) / LARGEST;
        return squares == 0 ? 0 : MARGIN * spread / Math.sqrt(squares);
    }

    private static double squares(float[] entries, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += (double) entries[i] * entries[i];
        }
        return squares;
    }

    private static double largest(float[] entries, int from, int to) {
        float largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(entries[i]));
        }
        return largest;
    }

    @Override
    public Work work(double count, int tiles) {
        return Work.ofDecodings(tiles * count / width() * DECODING);
    }

    @Override
    public int vectors(Target target, int width) {
        return Math.min(width / target.lanes(), MOST_VECTORS);
    }

    /** Several only where there are registers enough for what is decoded. */
    @Override
    public int steps(Target target, int k, int sums) {
        return target.hasTall() ? target.stepsOf(k, sums) : 1;
    }

    @Override
    public int channel(int v, int vectors, int lanes) {
        int words = vectors / 2;
        return v / words * HALF + v % words * lanes;
    }

    @Override
    public List<Stmt> loads(List<Value.Local> weights, IntFunction<Value> load) {
        List<Stmt> loads = new ArrayList<>();
        int words = weights.size() / 2;
        for (int i = 0; i < words; i++) {
            Value.Local first = weights.get(i);
            Value.Local word = new Value.Local(first.name() + "Word", first.lanes());
            loads.add(new Stmt.Let(word, load.apply(i * first.lanes())));
            loads.add(new Stmt.Let(first, integer(word)));
            Value second = new Value.Unary(UnaryFunction.SHIFT_HALF, word);
            loads.add(new Stmt.Let(weights.get(words + i), integer(second)));
        }
        return loads;
    }

    private static Value integer(Value bits) {
        return new Value.Unary(UnaryFunction.INTEGER, bits);
    }

    @Override
    public int partStep(Target target, int width) {
        return vectors(target, width) / 2 * target.lanes();
    }

    @Override
    public int partsEnd(int width) {
        return HALF;
    }
}
