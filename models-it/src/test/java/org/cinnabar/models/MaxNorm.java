package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;

/** Agreement of results in the maximum norm. */
final class MaxNorm {
    private static final double TOLERANCE = 1e-3;

    private MaxNorm() {}

    /**
     * Fails unless {@code actual} is {@code expected} within 1e-3 of its largest magnitude; records
     * the error for {@code model} under {@code condition}.
     */
    static void check(String model, String condition, float[] expected, float[] actual)
            throws IOException {
        assertThat(actual).as("%s, %s", model, condition).hasSameSizeAs(expected);
        double error = error(expected, actual);
        Figures.record(model, condition, String.format(Locale.ROOT, "error %.1e", error));
        assertThat(error)
                .as("error of %s, %s, relative in the maximum norm", model, condition)
                .isLessThanOrEqualTo(TOLERANCE);
    }

    /** {@code max |actual - expected| / max |expected|}; NaN if either holds one. */
    private static double error(float[] expected, float[] actual) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return difference / largest;
    }
}
