package org.cinnabar.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/** Times of the first inferences of a process. */
final class Settling {
    private static final int INFERENCES = 200;
    private static final double MOST_SECONDS = 10;
    private static final double MARGIN = 1.1;

    private Settling() {}

    /**
     * Runs {@code inference} over and over and returns a line of JSON: milliseconds from the start
     * of the JVM to the first result, and how many inferences came before the first that took at
     * most a tenth more than the median of the last quarter.
     */
    static String measure(Runnable inference) {
        double[] times = new double[INFERENCES];
        double first = 0;
        long begin = System.nanoTime();
        int count = 0;
        while (count < INFERENCES && System.nanoTime() - begin < MOST_SECONDS * 1e9) {
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

    /** Index of the first of {@code times} within a tenth of the median of the last quarter. */
    static int settled(double[] times) {
        double steady =
                Statistics.median(Arrays.copyOfRange(times, times.length * 3 / 4, times.length));
        int index = 0;
        while (index < times.length - 1 && times[index] > MARGIN * steady) {
            index++;
        }
        return index;
    }
}
