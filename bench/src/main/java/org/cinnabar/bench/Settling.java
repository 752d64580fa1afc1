package org.cinnabar.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/** Times of the first inferences of a process. */
final class Settling {
    /** Enough for any model to settle. */
    static final int INFERENCES = 200;

    private static final double MOST_SECONDS = 10;
    private static final int IN_A_ROW = 5;
    private static final double MARGIN = 1.1;

    private Settling() {}

    /**
     * Runs {@code inference} at most {@code most} times and returns a line of JSON: milliseconds
     * from the start of the JVM to the first result, and how many inferences came after it and
     * before the time settled.
     */
    static String measure(Runnable inference, int most) {
        double[] times = new double[most];
        double first = 0;
        long begin = System.nanoTime();
        int count = 0;
        while (count < most && System.nanoTime() - begin < MOST_SECONDS * 1e9) {
            long from = System.nanoTime();
            inference.run();
            times[count] = System.nanoTime() - from;
            if (count++ == 0) {
                first =
                        System.currentTimeMillis()
                                - ManagementFactory.getRuntimeMXBean().getStartTime();
            }
        }
        return String.format(
                Locale.ROOT,
                "{\"first_result_ms\": %.1f, \"settled\": %d}",
                first,
                settled(Arrays.copyOf(times, count)));
    }

    /**
     * How many inferences came after the first and before five in a row whose median exceeds that
     * of the last quarter by a tenth at most.
     */
    static int settled(double[] times) {
        double steady =
                Statistics.median(Arrays.copyOfRange(times, times.length * 3 / 4, times.length));
        for (int i = 1; i + IN_A_ROW <= times.length; i++) {
            if (Statistics.median(Arrays.copyOfRange(times, i, i + IN_A_ROW)) <= MARGIN * steady) {
                return i - 1;
            }
        }
        return times.length;
    }
}
