package org.cinnabar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.cinnabar.runtime.Model;

/** What both engines lose when another process keeps one core busy. */
final class Contention {
    private static final long SETTLE_MILLIS = 500;

    private Contention() {}

    static Sheet sheet() {
        return new Sheet(
                "model",
                "threads",
                "ours_ms",
                "ours_beside_ms",
                "ours_loss",
                "ort_ms",
                "ort_beside_ms",
                "ort_loss",
                "loss_ratio");
    }

    /** Adds the row of {@code subject}: medians alone and beside a process that spins. */
    static void measure(Subject subject, int threads, double seconds, Sheet sheet)
            throws IOException, InterruptedException {
        Model model = subject.compiled().load();
        try (Engine ours = new CinnabarEngine(model, subject.inputs(), threads);
                Engine theirs =
                        new OnnxRuntimeEngine(
                                subject.file(), model.signature(), subject.inputs(), threads)) {
            Interleaved alone = Interleaved.measure(ours, theirs, threads, seconds);
            Interleaved beside = beside(ours, theirs, threads, seconds);
            double ourLoss = Statistics.median(beside.ours()) / Statistics.median(alone.ours());
            double theirLoss =
                    Statistics.median(beside.theirs()) / Statistics.median(alone.theirs());
            sheet.add(
                    subject.name(),
                    threads,
                    Statistics.median(alone.ours()),
                    Statistics.median(beside.ours()),
                    ourLoss,
                    Statistics.median(alone.theirs()),
                    Statistics.median(beside.theirs()),
                    theirLoss,
                    ourLoss / theirLoss);
        }
    }

    private static Interleaved beside(Engine ours, Engine theirs, int threads, double seconds)
            throws IOException, InterruptedException {
        Process spinning =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Spin.class.getName())
                        .start();
        try {
            if (spinning.waitFor(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        "the other process ended with " + spinning.exitValue());
            }
            return Interleaved.measure(ours, theirs, threads, seconds);
        } finally {
            spinning.destroy();
            spinning.waitFor();
        }
    }

    /** A process that computes until it is ended, or its parent is gone. */
    static final class Spin {
        private Spin() {}

        public static void main(String[] words) {
            ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
            long turns = 0;
            while (turns++ % 100_000_000 != 0 || parent.isAlive()) {
                Thread.onSpinWait();
            }
        }
    }
}
