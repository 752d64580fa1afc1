package org.cinnabar.bench;

import java.util.Arrays;

/** Order statistics and means of samples; each rejects an empty array and leaves it as it is. */
final class Statistics {
    private Statistics() {}

    static double min(double[] samples) {
        return quantile(samples, 0);
    }

    static double median(double[] samples) {
        return quantile(samples, 0.5);
    }

    /**
     * The value below which the fraction {@code q} of the samples lies, linear between neighbours.
     * Rejects fractions outside 0 to 1.
     */
    static double quantile(double[] samples, double q) {
        requireSome(samples);
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("a quantile lies between 0 and 1, got " + q);
        }
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        double position = q * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    /** {@code exp(mean(log x))}; rejects samples that are not positive. */
    static double geometricMean(double[] samples) {
        requireSome(samples);
        double logarithms = 0;
        for (double sample : samples) {
            if (!(sample > 0)) {
                throw new IllegalArgumentException(
                        "a geometric mean takes positive samples, got " + sample);
            }
            logarithms += Math.log(sample);
        }
        return Math.exp(logarithms / samples.length);
    }

    /** The largest difference from {@code expected}, over the largest of its magnitudes. */
    static double relativeError(float[] seen, float[] expected) {
        double largest = Float.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs((double) seen[i] - expected[i]));
        }
        return difference / largest;
    }

    private static void requireSome(double[] samples) {
        if (samples.length == 0) {
            throw new IllegalArgumentException("expected at least 1 sample, got 0");
        }
    }
}
