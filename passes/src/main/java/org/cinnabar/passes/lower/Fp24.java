package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.Value.BinaryFunction;
import org.cinnabar.ir.loop.Value.UnaryFunction;

/**
 * Weights with significands of 16 bits instead of 24, four in the place of three. A step of a sum
 * has four planes of {@link #PLANE} neighbouring channels; three are stored, as numbers whose low
 * bytes make up the fourth. They are used as they are: each is the nearest to its weight of all
 * numbers with that low byte.
 *
 * <p>Weights nearer to zero than normal numbers become the least of these, but in the fourth plane.
 */
final class Fp24 implements Precision {
    /** How far a number may be from its weight, of its size. */
    static final double ROUNDING = 0x1p-16;

    /** Channels of a plane: those of the longest vector. */
    private static final int PLANE = 16;

    /** Planes that are stored. */
    private static final int STORED = 3;

    /** All planes. */
    private static final int PLANES = 4;

    /** Bits of the least normal number. */
    private static final int NORMAL = 0x0080_0000;

    /** Bits of the largest numbers, but for their low byte. */
    private static final int LARGEST = 0x7f7f_ff00;

    private static final int BYTE = 0xff;

    @Override
    public String suffix() {
        return "-fp24";
    }

    @Override
    public int width() {
        return PLANES * PLANE;
    }

    @Override
    public int size(int width) {
        return width / PLANES * STORED;
    }

    @Override
    public double rounding(Supplier<float[]> entries, int columns) {
        return ROUNDING;
    }

    @Override
    public Work work(double count, int tiles) {
        return Work.ofDecodings(tiles * count / width());
    }

    @Override
    public int vectors(Target target, int width) {
        return PLANES;
    }

    @Override
    public int channel(int v, int vectors, int lanes) {
        return v * PLANE;
    }

    @Override
    public List<Stmt> loads(List<Value.Local> weights, IntFunction<Value> load) {
        List<Stmt> loads = new ArrayList<>();
        for (int v = 0; v < STORED; v++) {
            loads.add(new Stmt.Let(weights.get(v), load.apply(v * PLANE)));
        }
        loads.add(new Stmt.Let(weights.get(STORED), fourth(weights.subList(0, STORED))));
        return loads;
    }

    @Override
    public int partStep(Target target, int width) {
        return target.lanes();
    }

    @Override
    public int partsEnd(int width) {
        return PLANE;
    }

    @Override
    public float[] encode(float[] weights, int steps) {
        float[] encoded = new float[weights.length / PLANES * STORED];
        for (int step = 0; step < weights.length / width(); step++) {
            for (int channel = 0; channel < PLANE; channel++) {
                encode(weights, step * width() + channel, encoded, step * STORED * PLANE + channel);
            }
        }
        return encoded;
    }

    private static void encode(float[] weights, int from, float[] encoded, int to) {
        int fourth = nearest(weights[from + STORED * PLANE], 0, 0);
        for (int plane = STORED - 1; plane >= 0; plane--) {
            int shift = Byte.SIZE * (STORED - plane);
            int bits = nearest(weights[from + plane * PLANE], fourth >>> shift & BYTE, NORMAL);
            encoded[to + plane * PLANE] = Float.intBitsToFloat(bits);
            fourth -= bits << shift;
        }
    }

    /**
     * The bits nearest to {@code weight} that end in the byte {@code low}, of a size from {@code
     * least} on.
     */
    private static int nearest(float weight, int low, int least) {
        int bits = Float.floatToRawIntBits(weight);
        int size = bits & Integer.MAX_VALUE;
        int near = (size - low + (BYTE + 1) / 2 & ~BYTE) + low;
        return bits & Integer.MIN_VALUE | Math.clamp(near, least + low, LARGEST + low);
    }

    /** The fourth plane, from the three that are stored. */
    private static Value fourth(List<Value.Local> stored) {
        Value sum = stored.getFirst();
        for (Value.Local plane : stored.subList(1, STORED)) {
            sum = new Value.Binary(BinaryFunction.ADD_BITS, shifted(sum), plane);
        }
        return shifted(sum);
    }

    private static Value shifted(Value a) {
        return new Value.Unary(UnaryFunction.SHIFT_BYTE, a);
    }
}
