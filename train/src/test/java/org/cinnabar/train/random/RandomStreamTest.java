package org.cinnabar.train.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    private final RandomStream stream = RandomStream.of(1, "conv1", "weight");

    @Test
    void dependsOnNamesAndSeed() {
        assertThat(
                        LongStream.of(
                                        stream.bits(0),
                                        stream.bits(1),
                                        RandomStream.of(2, "conv1", "weight").bits(0),
                                        RandomStream.of(1, "conv2", "weight").bits(0),
                                        RandomStream.of(1, "conv1", "bias").bits(0),
                                        stream.sub(0).bits(0),
                                        stream.sub(1).bits(0))
                                .distinct()
                                .count())
                .isEqualTo(7);
        assertThat(RandomStream.of(1, "conv1", "weight")).isEqualTo(stream);
    }

    @Test
    void hasTheMomentsOfItsDistributions() {
        int n = 20_000;
        assertThat(LongStream.range(0, n).mapToDouble(stream::uniform).average().orElseThrow())
                .isCloseTo(0.5, within(0.01));
        assertThat(LongStream.range(0, n).mapToDouble(stream::normal).average().orElseThrow())
                .isCloseTo(0, within(0.03));
        assertThat(
                        LongStream.range(0, n)
                                .mapToDouble(stream::normal)
                                .map(x -> x * x)
                                .average()
                                .orElseThrow())
                .isCloseTo(1, within(0.05));
    }

    @Test
    void permutes() {
        int[] order = stream.permutation(101);
        assertThat(Arrays.stream(order).sorted().toArray()).isEqualTo(range(101));
        assertThat(order).isNotEqualTo(range(101));
        assertThat(stream.permutation(0)).isEmpty();
    }

    private static int[] range(int n) {
        return IntStream.range(0, n).toArray();
    }
}
