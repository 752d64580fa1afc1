package org.cinnabar.ir.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.cinnabar.ir.Dim;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypesTest {
    private static Dim random(Random random, int depth) {
        if (depth == 0) {
            return random.nextBoolean()
                    ? Dim.of(random.nextInt(-3, 9))
                    : Dim.symbol("HNW".charAt(random.nextInt(3)) + "");
        }
        Dim a = random(random, depth - 1);
        Dim b = random(random, random.nextInt(depth));
        return switch (random.nextInt(4)) {
            case 0 -> a.plus(b);
            case 1 -> a.minus(b);
            case 2 -> a.times(b);
            default -> a.floorDiv(1 + random.nextInt(5));
        };
    }

    @RepeatedTest(200)
    void extentsReadAsPrinted(RepetitionInfo repetition) {
        Dim dim = random(new Random(repetition.getCurrentRepetition()), 4);
        Cursor in = new Cursor(dim.toString());
        assertThat(Types.extent(in)).as(dim.toString()).isEqualTo(dim);
        assertThat(in.atEnd()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "H/2, (H)/2",
        "3*H/2, 3*(H)/2",
        "(3*H)/2, (H)/2+H",
        "2*(H+1)-N, 2*H-N+2",
        "4 / 2 * H, 2*H",
        "-H + H, 0"
    })
    void divisionBindsTighterThanMultiplication(String text, String normal) {
        assertThat(Types.extent(new Cursor(text))).hasToString(normal);
    }
}
