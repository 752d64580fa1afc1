package org.cinnabar.runtime;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Measures a bound session.
 *
 * @param settled inferences after the first result and before the time settles: before the median
 *     of five in a row exceeds the final one by a tenth at most
 * @param runs inferences measured, after a third of the time was spent on warming up
 * @param bytes bytes allocated per inference by all threads; negative if this Java does not count
 */
record Bench(double medianMillis, double minMillis, int settled, long runs, double bytes) {
    private static final int MOST_SAMPLES = 1 << 20;
    private static final int IN_A_ROW = 5;
    private static final double MARGIN = 1.1;
    private static final double NANOS = 1e9;

    static Bench measure(Session session, double seconds) {
        long[] samples = new long[MOST_SAMPLES];
        boolean counts = isPresent("jdk.management");
        if (counts) {
            // The first count allocates itself.
            Management.allocated();
        }
        long warmUps = repeat(session, (long) (seconds / 3 * NANOS), samples);
        long[] first = Arrays.copyOf(samples, (int) Math.min(warmUps, samples.length));
        long before = counts ? Management.allocated() : 0;
        long runs = repeat(session, (long) (seconds / 1.5 * NANOS), samples);
        double bytes = counts ? (double) (Management.allocated() - before) / runs : -1;
        int count = (int) Math.min(runs, MOST_SAMPLES);
        Arrays.sort(samples, 0, count);
        double median = (samples[(count - 1) / 2] + samples[count / 2]) / 2.0;
        return new Bench(median / 1e6, samples[0] / 1e6, settled(first, median), runs, bytes);
    }

    /** How many of {@code times} come before the first few that take about {@code steady}. */
    static int settled(long[] times, double steady) {
        for (int i = 0; i + IN_A_ROW <= times.length; i++) {
            long[] some = Arrays.copyOfRange(times, i, i + IN_A_ROW);
            Arrays.sort(some);
            if (some[IN_A_ROW / 2] <= MARGIN * steady) {
                return i;
            }
        }
        return times.length;
    }

    private static long repeat(Session session, long nanos, long[] samples) {
        long start = System.nanoTime();
        long last = start;
        long runs = 0;
        while (runs == 0 || last - start < nanos) {
            session.run();
            long now = System.nanoTime();
            samples[(int) (runs++ % samples.length)] = now - last;
            last = now;
        }
        return runs;
    }

    /** One line of JSON, without its end. */
    String json(Model model, int threads, int batch, double firstResultMillis) {
        StringBuilder json = new StringBuilder("{\"model\": ");
        quote(model.signature().name(), json);
        json.append(", \"threads\": ").append(threads);
        json.append(", \"lanes\": ").append(model.lanes());
        json.append(", \"batch\": ").append(batch);
        json.append(", \"median_ms\": ").append(rounded(medianMillis));
        json.append(", \"min_ms\": ").append(rounded(minMillis));
        json.append(", \"first_result_ms\": ").append(rounded(firstResultMillis));
        json.append(", \"settled\": ").append(settled);
        json.append(", \"runs\": ").append(runs);
        json.append(", \"bytes_per_inference\": ");
        if (bytes < 0) {
            json.append("null");
        } else if (bytes == 0) {
            json.append('0');
        } else {
            json.append(rounded(bytes));
        }
        return json.append('}').toString();
    }

    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    private static void quote(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16));
                json.append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    /** Native executables could hold management beans, but would be the larger for it. */
    private static boolean isPresent(String module) {
        return !Executable.NATIVE && ModuleLayer.boot().findModule(module).isPresent();
    }

    /**
     * Milliseconds from the start of the process, or of the one that relaunched it, to now; in a
     * native executable, which needs next to nothing to start, from {@code begin}.
     */
    static double millisSinceStart(long begin) {
        if (Executable.NATIVE) {
            return (System.nanoTime() - begin) / 1e6;
        }
        Instant now = Instant.now();
        ProcessHandle process = ProcessHandle.current();
        Optional<Instant> started = process.info().startInstant();
        // The JVM's own record is exact where the system's may be rounded to seconds.
        Instant start = isPresent("java.management") ? Management.start() : started.orElse(now);
        Optional<ProcessHandle> parent = process.parent();
        if (Relaunch.relaunched() && parent.isPresent() && started.isPresent()) {
            Optional<Instant> first = parent.get().info().startInstant();
            if (first.isPresent()) {
                start = start.minus(Duration.between(first.get(), started.get()));
            }
        }
        return Duration.between(start, now).toNanos() / 1e6;
    }

    /** Everything that links {@code java.management} and {@code jdk.management}. */
    private static final class Management {
        private static final ThreadMXBean THREADS =
                (ThreadMXBean) ManagementFactory.getThreadMXBean();

        static long allocated() {
            return THREADS.getTotalThreadAllocatedBytes();
        }

        static Instant start() {
            return Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        }
    }
}
