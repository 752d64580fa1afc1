package org.cinnabar.cli;

/**
 * How far one output is from what was expected.
 *
 * @param error largest difference over the largest magnitude expected (over 1 if all are zero); NaN
 *     if one side is NaN where the other is not
 * @param largest largest finite magnitude expected
 */
record Comparison(String output, double error, double largest) {
    static Comparison of(String output, double[] expected, float[] seen) {
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double magnitude = Math.abs(expected[i]);
            largest = magnitude < Double.POSITIVE_INFINITY ? Math.max(largest, magnitude) : largest;
            // Equal infinities and NaN on both sides agree.
            if (Double.compare((float) expected[i], seen[i]) != 0) {
                worst = Math.max(worst, Math.abs(expected[i] - seen[i]));
            }
        }
        return new Comparison(output, worst / (largest == 0 ? 1 : largest), largest);
    }
}
