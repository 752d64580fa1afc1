package org.cinnabar.passes.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookToomTest {
    private static String text(List<List<Rational>> matrix) {
        return String.join(
                "; ",
                matrix.stream()
                        .map(row -> String.join(" ", row.stream().map(Rational::toString).toList()))
                        .toList());
    }

    @Test
    void givesLavinAndGraysMatrices() {
        CookToom f = new CookToom(4, 3);
        assertThat(text(f.input()))
                .isEqualTo(
                        "4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0;"
                                + " 0 4 0 -5 0 1");
        assertThat(text(f.filter()))
                .isEqualTo(
                        "1/4 0 0; -1/6 -1/6 -1/6; -1/6 1/6 -1/6; 1/24 1/12 1/6; 1/24 -1/12 1/6;"
                                + " 0 0 1");
        assertThat(text(f.output()))
                .isEqualTo("1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 0; 0 1 -1 8 -8 1");
        assertThat(text(new CookToom(6, 3).filter()))
                .isEqualTo(
                        "1 0 0; -2/9 -2/9 -2/9; -2/9 2/9 -2/9; 1/90 1/45 2/45; 1/90 -1/45 2/45;"
                                + " 32/45 16/45 8/45; 32/45 -16/45 8/45; 0 0 1");
        assertThat(text(new CookToom(6, 3).input()))
                .startsWith("1 0 -21/4 0 21/4 0 -1 0; 0 1 1 -17/4 -17/4 1 1 0; ")
                .endsWith("; 0 -1 0 21/4 0 -21/4 0 1");
    }

    /** By linearity it is enough to check unit vectors, so exactness here is a proof. */
    @ParameterizedTest
    @CsvSource({
        "1,1,1", "1,3,1", "2,2,1", "2,3,1", "3,2,1", "4,3,1", "6,3,1", "2,5,1", "4,5,1", "2,7,1",
        "4,7,1", "5,6,1", "2,3,2", "4,3,2", "6,3,2", "3,2,2", "2,5,2", "4,7,3", "3,3,3"
    })
    void filtersExactly(int outputs, int taps, int stride) {
        CookToom f = new CookToom(outputs, taps, stride);
        assertThat(f.size()).isEqualTo(stride * (outputs - 1) + taps);
        for (int x = 0; x < f.size(); x++) {
            for (int tap = 0; tap < taps; tap++) {
                for (int y = 0; y < outputs; y++) {
                    Rational sum = Rational.ZERO;
                    for (int j = 0; j < f.size(); j++) {
                        Rational product =
                                f.filter().get(j).get(tap).times(f.input().get(j).get(x));
                        sum = sum.plus(f.output().get(y).get(j).times(product));
                    }
                    boolean meets = x == stride * y + tap;
                    assertThat(sum).isEqualTo(meets ? Rational.ONE : Rational.ZERO);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2,3,1", "4,3,1", "6,3,1", "3,2,1", "2,7,1", "4,5,1", "4,7,1", "2,3,2", "4,3,2", "2,5,3"
    })
    void circuitsComputeTheMatrices(int outputs, int taps, int stride) {
        CookToom f = new CookToom(outputs, taps, stride);
        double[] x = new Random(3).doubles(f.size()).toArray();
        assertComputes(f.inputCircuit(), f.input(), x);
        for (int count = 1; count <= outputs; count++) {
            assertComputes(f.outputCircuit(0, count), f.output().subList(0, count), x);
            assertComputes(
                    f.outputCircuit(count - 1, outputs), f.output().subList(count - 1, outputs), x);
        }
    }

    @ParameterizedTest
    @CsvSource({"2,3,4,3", "4,3,6,2", "2,5,4,3"})
    void filterRowsComputeTheProductOfBothMatrices(int m, int height, int n, int width) {
        CookToom rows = new CookToom(m, height);
        CookToom columns = new CookToom(n, width);
        double[] taps = new Random(4).doubles((long) height * width).toArray();
        for (int row = 0; row < rows.size(); row++) {
            double[] seen = rows.filterCircuit(row, columns).apply(taps);
            assertThat(seen).hasSize(columns.size());
            for (int column = 0; column < columns.size(); column++) {
                double expected = 0;
                for (int i = 0; i < taps.length; i++) {
                    expected +=
                            rows.filterMatrix()[row][i / width]
                                    * columns.filterMatrix()[column][i % width]
                                    * taps[i];
                }
                assertThat(seen[column]).isCloseTo(expected, within(1e-12));
            }
        }
    }

    private static void assertComputes(Circuit circuit, List<List<Rational>> rows, double[] x) {
        double[] seen = circuit.apply(x);
        assertThat(seen).hasSize(rows.size());
        for (int row = 0; row < seen.length; row++) {
            double expected = 0;
            for (int c = 0; c < x.length; c++) {
                expected += rows.get(row).get(c).toDouble() * x[c];
            }
            assertThat(seen[row]).isCloseTo(expected, within(1e-12));
        }
    }

    @Test
    void sharesEvenAndOddParts() {
        assertThat(new CookToom(4, 3).inputCircuit().operations()).isLessThanOrEqualTo(22);
        assertThat(new CookToom(4, 3).outputCircuit(0, 4).operations()).isLessThanOrEqualTo(16);
        assertThat(new CookToom(6, 3).inputCircuit().operations()).isLessThanOrEqualTo(46);
    }

    @Test
    void rejectsWhatHasTooFewPoints() {
        assertThatThrownBy(() -> new CookToom(0, 3)).hasMessageContaining("F(0, 3)");
        assertThatThrownBy(() -> new CookToom(11, 3)).hasMessageContaining("F(11, 3)");
        assertThatThrownBy(() -> new CookToom(2, 3, 4)).hasMessageContaining("stride 4");
    }
}
