package org.cinnabar.cli;

import java.util.Locale;
import org.cinnabar.train.Epoch;
import org.cinnabar.train.Progress;

/** Shows how training goes: one line that is written over on a terminal, and one for each epoch. */
final class TrainingLine implements Progress, AutoCloseable {
    private static final int WIDTH = 20;
    private static final long BEAT_NANOS = 250_000_000L;

    private final Console console;
    private final int epochs;
    private final boolean quiet;
    private String shown = "";
    private long next;

    TrainingLine(Console console, int epochs, boolean quiet) {
        this.console = console;
        this.epochs = epochs;
        this.quiet = quiet;
    }

    @Override
    public void step(
            int epoch,
            long done,
            long steps,
            double loss,
            double accuracy,
            double rate,
            double secondsLeft) {
        if (quiet || !console.terminal() || System.nanoTime() < next) {
            return;
        }
        next = System.nanoTime() + BEAT_NANOS;
        int filled = (int) (WIDTH * done / steps);
        long left = (long) secondsLeft;
        show(
                String.format(
                        Locale.ROOT,
                        "[%s%s] epoch %d/%d  loss %.4f  accuracy %.2f %%  %,.0f images/s  %d:%02d left",
                        "=".repeat(filled),
                        " ".repeat(WIDTH - filled),
                        epoch,
                        epochs,
                        loss,
                        100 * accuracy,
                        rate,
                        left / 60,
                        left % 60));
    }

    @Override
    public void epoch(Epoch e) {
        if (quiet) {
            return;
        }
        close();
        console.err()
                .printf(
                        Locale.ROOT,
                        "epoch %d/%d  loss %.4f  accuracy %.2f %%  validation %.4f  %.2f %%  %.1f s%n",
                        e.number(),
                        epochs,
                        e.loss(),
                        100 * e.accuracy(),
                        e.validationLoss(),
                        100 * e.validationAccuracy(),
                        e.seconds());
    }

    private void show(String text) {
        console.err().print("\r" + text + " ".repeat(Math.max(0, shown.length() - text.length())));
        console.err().flush();
        shown = text;
    }

    /** Removes the line. */
    @Override
    public void close() {
        if (!shown.isEmpty()) {
            console.err().print("\r" + " ".repeat(shown.length()) + "\r");
            console.err().flush();
            shown = "";
        }
    }
}
