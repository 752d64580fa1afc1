package org.cinnabar.passes.lower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Fp24Test {
    private static final int STEPS = 50;

    /** What tiles make of {@code encoded}: the same integer arithmetic, one number at a time. */
    private static float[] decoded(float[] encoded) {
        float[] weights = new float[STEPS * 64];
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < 16; i++) {
                int bits = 0;
                for (int plane = 0; plane < 3; plane++) {
                    float stored = encoded[step * 48 + plane * 16 + i];
                    weights[step * 64 + plane * 16 + i] = stored;
                    bits = (bits << 8) + Float.floatToRawIntBits(stored);
                }
                weights[step * 64 + 48 + i] = Float.intBitsToFloat(bits << 8);
            }
        }
        return weights;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1e-3, 1e30, 1e-37})
    void keepsSixteenBits(double scale) {
        Random random = new Random(7);
        float[] weights = new float[STEPS * 64];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextGaussian() * scale);
        }
        float[] encoded = Precisions.FP24.encode(weights, 1);
        assertThat(encoded).hasSize(STEPS * 48);
        float[] decoded = decoded(encoded);
        for (int i = 0; i < weights.length; i++) {
            double error = Math.abs((double) decoded[i] - weights[i]);
            double most = Fp24.ROUNDING * Math.abs(weights[i]) + 2 * Float.MIN_NORMAL;
            assertThat(error).as("%s as %s", weights[i], decoded[i]).isLessThanOrEqualTo(most);
        }
    }

    /** Zeros become so small that they count for nothing, and nothing becomes infinite. */
    @Test
    void staysNormalAndFinite() {
        float[] extremes = {
            0f,
            -0f,
            Float.MIN_VALUE,
            -Float.MIN_NORMAL,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Math.nextDown(Float.MAX_VALUE),
            1f
        };
        Random random = new Random(8);
        float[] weights = new float[STEPS * 64];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = extremes[random.nextInt(extremes.length)];
        }
        float[] encoded = Precisions.FP24.encode(weights, 1);
        for (float stored : encoded) {
            assertThat(stored).isFinite();
            assertThat(Math.abs(stored)).isGreaterThanOrEqualTo(Float.MIN_NORMAL);
        }
        float[] decoded = decoded(encoded);
        for (int i = 0; i < weights.length; i++) {
            assertThat(decoded[i]).isFinite();
            assertThat(Math.abs((double) decoded[i] - weights[i]))
                    .isLessThanOrEqualTo(
                            Fp24.ROUNDING * Math.abs(weights[i]) + 2 * Float.MIN_NORMAL);
        }
    }
}
