package org.cinnabar.runtime;

import java.util.List;

/**
 * A model written by hand: {@code t = 2x + 1}, then {@code y_i = t_i + t_(i+1 mod n)}, one task per
 * value in both steps, and a last step of one task that adds the weight to {@code y_0}.
 */
final class Affine extends Model {
    private final int length;

    Affine(int length, boolean batchable) {
        this(length, batchable, new Steps(length));
    }

    Affine(int length, boolean batchable, Program program) {
        super(signature(length, batchable), 0, program, new float[] {0.5f});
        this.length = length;
    }

    private static Signature signature(int length, boolean batchable) {
        return new Signature(
                "affine",
                List.of(Port.of("x", "1x" + length, 0)),
                List.of(Port.of("y", "1x" + length, 2 * length)),
                3 * length,
                batchable);
    }

    void run(float[] x, float[] y) {
        Session session = take();
        try {
            session.input(0).bind(x);
            session.output(0).bind(y);
            session.run();
        } finally {
            give(session);
        }
    }

    float[] expected(float[] x) {
        float[] y = new float[x.length];
        for (int item = 0; item < x.length; item += length) {
            for (int i = 0; i < length; i++) {
                y[item + i] = 2 * x[item + i] + 1 + 2 * x[item + (i + 1) % length] + 1;
            }
            y[item] += 0.5f;
        }
        return y;
    }

    static class Steps extends Program {
        private final int length;

        Steps(int length) {
            this.length = length;
        }

        @Override
        public int steps() {
            return 3;
        }

        @Override
        public int tasks(int step) {
            return step == 2 ? 1 : length;
        }

        @Override
        public void run(int step, int from, int to, int own, float[] arena, float[] weights) {
            for (int i = from; i < to; i++) {
                switch (step) {
                    case 0 -> arena[length + i] = 2 * arena[i] + 1;
                    case 1 ->
                            arena[2 * length + i] =
                                    arena[length + i] + arena[length + (i + 1) % length];
                    default -> arena[2 * length] += weights[0];
                }
            }
        }
    }

    static float[] ramp(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * 0.25f - 3;
        }
        return values;
    }
}
