package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import org.cinnabar.ir.InternalCompilerError;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FailuresTest {
    private final StringWriter err = new StringWriter();

    private String printed(Throwable thrown) {
        PrintWriter writer = new PrintWriter(err);
        CommandLine line = Cinnabar.commandLine(new Console(writer, writer, false));
        line.parseArgs("completion");
        assertThat(Failures.of(thrown, line)).isEqualTo(1);
        return err.toString();
    }

    @Test
    void saysHowToGiveMoreMemory() {
        assertThat(printed(new OutOfMemoryError("Java heap space")))
                .isEqualTo(
                        "error: out of memory; give Java more, as with"
                                + " CINNABAR_JAVA_OPTS=-Xmx8g\n");
    }

    @Test
    void asksToReportFaultsOfTheCompiler() {
        assertThat(printed(new InternalCompilerError("pass dedupe: bad\nbefore the pass:\n...")))
                .isEqualTo(
                        """
                        error: the compiler has a fault: pass dedupe: bad
                        please report it with the output of --debug
                        """);
    }

    @Test
    void namesTheFileThatCannotBeUsed() {
        assertThat(printed(new UncheckedIOException(new AccessDeniedException("a/b"))))
                .isEqualTo("error: a/b: permission denied\n");
        assertThat(printed(new IOException("a.npy is cut off"))).contains("a.npy is cut off");
    }

    @Test
    void keepsControlCharactersFromTheTerminal() {
        assertThat(printed(new IOException("node \u001b[2Jx\b"))).contains("node ?[2Jx?");
    }

    @Test
    void admitsWhatNobodyExpected() {
        assertThat(printed(new IllegalStateException("odd")))
                .isEqualTo(
                        "error: unexpected java.lang.IllegalStateException: odd; --debug shows"
                                + " where\n");
    }
}
