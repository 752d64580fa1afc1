package org.cinnabar.ir.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cinnabar.ir.Dim;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    private static List<Integer> random(Random random, int rank, int least) {
        int common = random.nextInt(least, least + 3);
        boolean equal = random.nextBoolean();
        return IntStream.range(0, rank)
                .mapToObj(_ -> equal ? common : random.nextInt(least, least + 3))
                .toList();
    }

    @RepeatedTest(100)
    void parseReadsWhatWasPrinted(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int rank = 1 + random.nextInt(3);
        Window window =
                new Window(
                        random(random, rank, 1),
                        random(random, rank, 1),
                        random(random, rank, 0),
                        random(random, rank, 0),
                        random(random, rank, 1));
        assertThat(Window.parse(window.toString())).isEqualTo(window);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "3x3", "1x7+0x3", "3x3/2+1", "3x3/2+0:1", "5x5x5/1x2x1@2"})
    void printsAsShortAsWritten(String text) {
        assertThat(Window.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x3", "3x", "3x3/", "3x3/0", "0x3", "3x3+1x1x1", "3x3@1:2"})
    void rejectsWhatIsNoWindow(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Window.parse(text));
    }

    @Test
    void countsPositions() {
        assertThat(Window.parse("3/2+1").positions(0, Dim.of(7))).isEqualTo(Dim.of(4));
        assertThat(Window.parse("3/2+1").positions(0, Dim.of(8))).isEqualTo(Dim.of(4));
        assertThat(Window.parse("3@4").positions(0, Dim.of(9))).isEqualTo(Dim.of(1));
        assertThat(Window.parse("2/2+0:1").positions(0, Dim.of(7))).isEqualTo(Dim.of(4));
        assertThat(Window.parse("3/2+1").positions(0, Dim.symbol("H"))).hasToString("(H+1)/2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Window.parse("3@4").positions(0, Dim.of(8)))
                .withMessageContaining("3@4")
                .withMessageContaining("extent 8");
    }
}
