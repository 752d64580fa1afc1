package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputsTest {
    private static void check(double value) {
        assertThat(Outputs.number(value)).isEqualTo(String.format(Locale.ROOT, "%.6g", value));
    }

    @Test
    void printsNumbersAsTheFormatterDoes() {
        double[] special = {
            0,
            -0.0,
            1,
            -1,
            0.1,
            1e-4,
            9.9999996e-5,
            999999.4,
            999999.5,
            1e6,
            -123456.5,
            1e10,
            2.5e-9,
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        for (double value : special) {
            check(value);
        }
        Random random = new Random(11);
        for (int i = 0; i < 1001; i++) {
            check((float) (random.nextGaussian() * Math.pow(10, random.nextInt(-12, 13))));
        }
    }
}
