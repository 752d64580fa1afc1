package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter err = new StringWriter();

    private ProgressLine line(boolean terminal, Duration patience) {
        return new ProgressLine(new PrintWriter(err), terminal, patience);
    }

    @Test
    void saysNothingOfWhatIsQuick() {
        try (ProgressLine line = line(true, Duration.ofHours(1))) {
            line.begin("reading", 0, 2);
            line.begin("writing", 1, 2);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void writesOverItsLineOnATerminalAndWipesItOut() {
        try (ProgressLine line = line(true, Duration.ZERO)) {
            line.begin("reading it", 0, 2);
            line.begin("writing", 1, 2);
        }
        assertThat(err.toString())
                .isEqualTo(
                        "\r[                        ] reading it"
                                + "\r[============            ] writing   "
                                + "\r                                  \r");
    }

    @Test
    void writesPlainLinesElsewhere() {
        try (ProgressLine line = line(false, Duration.ZERO)) {
            line.begin("reading", 0, 2);
            line.begin("reading", 0, 2);
            line.begin("writing", 1, 2);
        }
        assertThat(err.toString().lines()).containsExactly("reading", "writing");
    }

    @Test
    void noticesALongStageOnceItIsLong() throws InterruptedException {
        try (ProgressLine line = line(false, Duration.ofMillis(20))) {
            line.begin("reading", 0, 1);
            for (int i = 0; i < 100 && err.toString().isEmpty(); i++) {
                Thread.sleep(50);
            }
        }
        assertThat(err.toString().lines()).containsExactly("reading");
    }
}
