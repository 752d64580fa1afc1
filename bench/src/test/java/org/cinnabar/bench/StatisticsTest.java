package org.cinnabar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void takesMediansOfOddAndEvenCountsInAnyOrder() {
        double[] odd = {5, 1, 3};
        assertThat(Statistics.median(odd)).isEqualTo(3);
        assertThat(odd).containsExactly(5, 1, 3);
        assertThat(Statistics.median(new double[] {4, 1, 2, 3})).isEqualTo(2.5);
        assertThat(Statistics.min(odd)).isEqualTo(1);
    }

    @Test
    void interpolatesQuartiles() {
        double[] samples = {1, 2, 3, 4};
        assertThat(Statistics.quantile(samples, 0.25)).isEqualTo(1.75);
        assertThat(Statistics.quantile(samples, 0.75)).isEqualTo(3.25);
        assertThat(Statistics.quantile(samples, 1)).isEqualTo(4);
        assertThat(Statistics.quantile(new double[] {7}, 0.25)).isEqualTo(7);
    }

    @Test
    void givesReciprocalsReciprocalGeometricMeans() {
        assertThat(Statistics.geometricMean(new double[] {1, 4, 16})).isCloseTo(4, within(1e-12));
        assertThat(Statistics.geometricMean(new double[] {1, 0.25, 0.0625}))
                .isCloseTo(0.25, within(1e-12));
    }

    @Test
    void rejectsWhatHasNoAnswer() {
        assertThatThrownBy(() -> Statistics.median(new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Statistics.quantile(new double[] {1}, 1.5))
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> Statistics.geometricMean(new double[] {1, 0}))
                .hasMessageContaining("0.0");
    }

    @Test
    void settlesAtTheFirstInferenceNearTheLast() {
        double[] times = {90, 30, 30, 30, 10.5, 10, 12, 10, 10, 10, 10, 10};
        assertThat(Settling.settled(times)).isEqualTo(2);
        assertThat(Settling.settled(new double[] {3, 3, 3, 3, 3, 3})).isZero();
        assertThat(Settling.settled(new double[] {3, 3})).isEqualTo(2);
    }

    @Test
    void relatesErrorsToTheLargestValue() {
        assertThat(Statistics.relativeError(new float[] {1, -4.5f}, new float[] {1, -4}))
                .isEqualTo(0.125);
        assertThat(Statistics.relativeError(new float[] {Float.NaN, 1}, new float[] {1, 1}))
                .isNaN();
    }
}
