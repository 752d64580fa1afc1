package org.cinnabar.cli;

/**
 * How far one output is from what was expected.
 *
 * @param error largest difference over the largest magnitude expected (over 1 if all are zero); NaN
 *     if one side is NaN where the other is not
 * @param largest largest finite magnitude expected
 */
record Comparison(String output, double error, double largest) {
    /** Of the values that were expected with those seen; an error if their numbers differ. */
    static Comparison of(String output, Values expected, Values seen) {
        int count = expected.floats().length;
        if (seen.floats().length != count) {
            throw new IllegalArgumentException(
                    "output %s: expected %s, got %s"
                            .formatted(output, expected.shape(), seen.shape()));
        }
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < count; i++) {
            float value = expected.floats()[i];
            largest = Float.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest;
            // Equal infinities and NaN on both sides agree.
            if (Float.compare(value, seen.floats()[i]) != 0) {
                worst = Math.max(worst, Math.abs((double) value - seen.floats()[i]));
            }
        }
        return new Comparison(output, worst / (largest == 0 ? 1 : largest), largest);
    }
}
