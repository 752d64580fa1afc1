package org.cinnabar.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class DimTest {
    private static final String[] NAMES = {"N", "H", "W"};
    private static final Dim N = Dim.symbol("N");
    private static final Dim H = Dim.symbol("H");

    /** An extent and what it should come to. */
    private record Sample(Dim dim, ToLongFunction<Map<String, Long>> value) {}

    private static Sample random(Random random, int depth) {
        if (depth == 0) {
            int leaf = random.nextInt(5);
            long constant = random.nextInt(-4, 9);
            return leaf < NAMES.length
                    ? new Sample(Dim.symbol(NAMES[leaf]), values -> values.get(NAMES[leaf]))
                    : new Sample(Dim.of(constant), _ -> constant);
        }
        Sample a = random(random, depth - 1);
        Sample b = random(random, random.nextInt(depth));
        long k = random.nextInt(1, 6);
        return switch (random.nextInt(4)) {
            case 0 ->
                    new Sample(
                            a.dim.plus(b.dim),
                            v -> a.value.applyAsLong(v) + b.value.applyAsLong(v));
            case 1 ->
                    new Sample(
                            a.dim.minus(b.dim),
                            v -> a.value.applyAsLong(v) - b.value.applyAsLong(v));
            case 2 ->
                    new Sample(
                            a.dim.times(b.dim),
                            v -> a.value.applyAsLong(v) * b.value.applyAsLong(v));
            default -> new Sample(a.dim.floorDiv(k), v -> Math.floorDiv(a.value.applyAsLong(v), k));
        };
    }

    private static Map<String, Long> values(Random random) {
        Map<String, Long> values = new HashMap<>();
        for (String name : NAMES) {
            values.put(name, (long) random.nextInt(0, 20));
        }
        return values;
    }

    @RepeatedTest(200)
    void bindingGivesTheValueOfTheExpression(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Sample sample = random(random, 4);
        Map<String, Long> values = values(random);

        assertThat(sample.dim.bind(values).value())
                .as("%s at %s", sample.dim, values)
                .isEqualTo(sample.value.applyAsLong(values));
        Dim partly = sample.dim.bind(Map.of("H", values.get("H")));
        assertThat(partly.symbols()).doesNotContain("H");
        assertThat(partly.bind(values)).isEqualTo(sample.dim.bind(values));
    }

    @RepeatedTest(50)
    void equalExpressionsAreEqualValues(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Dim a = random(random, 3).dim;
        Dim b = random(random, 3).dim;
        Dim c = random(random, 3).dim;

        assertThat(a.plus(b)).isEqualTo(b.plus(a)).hasSameHashCodeAs(b.plus(a));
        assertThat(a.times(b.plus(c))).isEqualTo(a.times(b).plus(a.times(c)));
        assertThat(a.minus(a)).isEqualTo(Dim.of(0));
        assertThat(a.times(6).floorDiv(6)).isEqualTo(a);
        assertThat(a.times(6).exactDiv(Dim.of(3))).isEqualTo(a.times(2));
        assertThat(a.plus(b.times(5)).floorDiv(5)).isEqualTo(a.floorDiv(5).plus(b));
    }

    @Test
    void printsInNormalForm() {
        assertThat(H.times(2).plus(1)).hasToString("2*H+1");
        assertThat(H.plus(1).floorDiv(2)).hasToString("(H+1)/2");
        assertThat(H.minus(H.times(N))).hasToString("-H*N+H");
        assertThat(H.times(3).plus(1).floorDiv(2)).hasToString("(H+1)/2+H");
        assertThat(H.minus(H)).hasToString("0");
    }

    @Test
    void dividesProductsExactly() {
        assertThat(N.times(H).times(6).exactDiv(N.times(2))).isEqualTo(H.times(3));
        assertThat(H.plus(1).exactDiv(H.plus(1))).isEqualTo(Dim.of(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> N.times(H).plus(1).exactDiv(N))
                .withMessage("H*N+1 is not divisible by N");
        assertThatIllegalArgumentException().isThrownBy(() -> H.times(3).exactDiv(Dim.of(2)));
    }

    @Test
    void rejectsWhatIsNoExtent() {
        assertThatIllegalArgumentException().isThrownBy(() -> Dim.symbol("batch size"));
        assertThatIllegalArgumentException().isThrownBy(() -> H.floorDiv(0));
        assertThatIllegalStateException().isThrownBy(H::value).withMessage("extent H is symbolic");
    }
}
