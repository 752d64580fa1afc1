package org.cinnabar.passes.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Int16Test {
    private static final int STEPS = 50;
    private static final int STRETCHES = 3;

    /** What tiles make of {@code encoded}: the same integer arithmetic, one number at a time. */
    private static float[] decoded(float[] encoded) {
        float[] weights = new float[STRETCHES * STEPS * 32];
        int stored = encoded.length / STRETCHES;
        for (int i = 0; i < weights.length; i++) {
            int stretch = i / (STEPS * 32);
            int step = i / 32 % STEPS;
            int channel = i % 32;
            float scale = encoded[stretch * stored + channel];
            float word = encoded[stretch * stored + 32 + step * 16 + channel % 16];
            int bits = Float.floatToRawIntBits(word);
            weights[i] = (channel < 16 ? bits : bits << 16) * scale;
        }
        return weights;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-3, 1e30, 1e-20})
    void keepsSixteenBitsOfEachStretch(double scale) {
        Random random = new Random(7);
        float[] weights = new float[STRETCHES * STEPS * 32];
        for (int i = 0; i < weights.length; i++) {
            int stretch = i / (STEPS * 32);
            weights[i] = (float) (random.nextGaussian() * scale * Math.pow(10, stretch));
        }
        float[] encoded = Precisions.INT16.encode(weights, STEPS);
        assertThat(encoded).hasSize(STRETCHES * (32 + STEPS * 16));
        float[] decoded = decoded(encoded);
        for (int i = 0; i < weights.length; i++) {
            double unit = largest(weights, i) / Short.MAX_VALUE;
            assertThat(Math.abs((double) decoded[i] - weights[i]))
                    .as("%s as %s", weights[i], decoded[i])
                    .isLessThanOrEqualTo(0.51 * unit);
        }
    }

    /** The largest weight of the channel and the stretch of weight {@code i}. */
    private static float largest(float[] weights, int i) {
        float largest = 0;
        int first = i / (STEPS * 32) * STEPS * 32 + i % 32;
        for (int step = 0; step < STEPS; step++) {
            largest = Math.max(largest, Math.abs(weights[first + step * 32]));
        }
        return largest;
    }

    /** A weight of full size beside another one of any does not run over. */
    @Test
    void keepsExtremes() {
        float[] values = {1, -1, 0, -0f, 0.5f, -0.5f, 1 / 65534f, -1 / 65534f};
        Random random = new Random(8);
        float[] weights = new float[STRETCHES * STEPS * 32];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = values[random.nextInt(values.length)];
        }
        float[] decoded = decoded(Precisions.INT16.encode(weights, STEPS));
        for (int i = 0; i < weights.length; i++) {
            assertThat(Math.abs(decoded[i] - weights[i])).isLessThanOrEqualTo(0.51f / 32767);
        }
    }

    @Test
    void zerosCountForNothing() {
        float[] encoded = Precisions.INT16.encode(new float[STRETCHES * STEPS * 32], STEPS);
        for (float weight : decoded(encoded)) {
            assertThat(Math.abs(weight)).isLessThanOrEqualTo(1e-30f);
        }
    }

    /**
     * One weight that is much larger than the others of its row makes the others' errors larger.
     */
    @Test
    void errsMoreWhereOneWeightIsLarge() {
        float[] even = new float[64];
        Arrays.fill(even, 0.1f);
        float[] uneven = even.clone();
        uneven[5] = 10;
        double rounding = Precisions.INT16.rounding(() -> even, 64);
        assertThat(rounding).isBetween(8e-6, 2e-5);
        assertThat(Precisions.INT16.rounding(() -> uneven, 64)).isGreaterThan(5 * rounding);
        assertThat(Precisions.INT16.rounding(() -> new float[64], 64)).isZero();
    }
}
