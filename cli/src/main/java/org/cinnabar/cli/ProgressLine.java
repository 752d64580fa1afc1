package org.cinnabar.cli;

import java.io.PrintWriter;
import java.time.Duration;
import org.cinnabar.compiler.Progress;

/**
 * Shows what takes long: on a terminal one line with a bar that is written over and wiped out at
 * the end, elsewhere one line for each stage that begins after the patience has run out.
 */
final class ProgressLine implements Progress, AutoCloseable {
    private static final int WIDTH = 24;
    private static final Duration BEAT = Duration.ofMillis(200);

    private final PrintWriter err;
    private final boolean terminal;
    private final long patientUntil;
    private final Thread beat;
    private String stage = "";
    private int done;
    private int total = 1;
    private String shown = "";
    private boolean closed;

    ProgressLine(PrintWriter err, boolean terminal, Duration patience) {
        this.err = err;
        this.terminal = terminal;
        this.patientUntil = System.nanoTime() + patience.toNanos();
        this.beat = Thread.ofVirtual().start(this::beat);
    }

    @Override
    public synchronized void begin(String stage, int done, int total) {
        this.stage = stage;
        this.done = done;
        this.total = total;
        show();
    }

    /** Removes the line. */
    @Override
    public synchronized void close() {
        closed = true;
        beat.interrupt();
        if (terminal && !shown.isEmpty()) {
            err.print("\r" + " ".repeat(shown.length()) + "\r");
            err.flush();
        }
    }

    /** The first look comes when patience ends, though the stage may be an old one. */
    private void beat() {
        try {
            while (true) {
                Thread.sleep(BEAT);
                show();
            }
        } catch (InterruptedException _) {
            // Closed.
        }
    }

    private synchronized void show() {
        if (closed || stage.isEmpty() || System.nanoTime() < patientUntil) {
            return;
        }
        String text = terminal ? bar() : stage;
        if (text.equals(shown)) {
            return;
        }
        if (terminal) {
            err.print("\r" + text + " ".repeat(Math.max(0, shown.length() - text.length())));
        } else {
            err.println(text);
        }
        err.flush();
        shown = text;
    }

    private String bar() {
        int filled = WIDTH * done / total;
        return "[" + "=".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + stage;
    }
}
