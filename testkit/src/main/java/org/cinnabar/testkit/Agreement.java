package org.cinnabar.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.cinnabar.ir.Tensor;

/** Comparison of results in the maximum norm. */
public final class Agreement {
    private Agreement() {}

    /**
     * Fails unless the shapes are equal and no value differs from its expected one by more than
     * {@code epsilon} times the largest expected magnitude. NaN agrees with NaN and an infinity
     * with itself only; zeros agree whatever their sign.
     */
    public static void check(String what, Tensor expected, Tensor actual, double epsilon) {
        assertThat(actual.shape()).as("shape of " + what).isEqualTo(expected.shape());
        double[] e = expected.toDoubles();
        double[] a = actual.toDoubles();
        double scale = Arrays.stream(e).map(Math::abs).filter(Double::isFinite).max().orElse(0);
        for (int i = 0; i < e.length; i++) {
            boolean same = e[i] == a[i] || Double.isNaN(e[i]) && Double.isNaN(a[i]);
            if (!same && !(Math.abs(e[i] - a[i]) <= epsilon * scale)) {
                throw new AssertionError(
                        "%s: element %d is %s, expected %s within %s of %s"
                                .formatted(what, i, a[i], e[i], epsilon, scale));
            }
        }
    }
}
