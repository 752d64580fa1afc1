package org.cinnabar.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Where a command's results ({@code out}) and everything else ({@code err}) go.
 *
 * @param terminal whether {@code err} is a terminal, on which a line may be written over
 */
public record Console(PrintWriter out, PrintWriter err, boolean terminal) {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration NEVER = Duration.ofDays(365);

    /** The console of this process. */
    @SuppressWarnings("SystemConsoleNull") // It is null without a terminal from JDK 25 on.
    static Console ofProcess() {
        java.io.Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        return new Console(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                terminal && !dumb);
    }

    /**
     * A progress line on {@code err} for what takes longer than a second; none if {@code quiet}.
     */
    ProgressLine progress(boolean quiet) {
        return new ProgressLine(err, terminal, quiet ? NEVER : PATIENCE);
    }
}
