package org.cinnabar.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Times of two engines that took turns, so that whatever else happens on the machine happens to
 * both.
 *
 * <p>A sample is the mean of as many inferences as take about a millisecond, at least one. With
 * several threads a sample is longer, and before it the other engine's threads, which may spin for
 * a while when they have nothing to do, come to rest and one inference goes unmeasured.
 *
 * @param ours milliseconds per inference, one number for each round
 * @param theirs the same of the peer, in the same rounds
 */
record Interleaved(double[] ours, double[] theirs) {
    private static final double NANOS = 1e9;
    private static final double LEAST_WARM_UP = 3;
    private static final int FEWEST_WARM_UPS = 10;
    private static final int FEWEST_ROUNDS = 5;

    /** Warms up both, then measures for {@code seconds}. */
    static Interleaved measure(Engine ours, Engine theirs, int threads, double seconds) {
        double wanted = threads == 1 ? 1e6 : 20e6;
        double ourTime = Double.MAX_VALUE;
        double theirTime = Double.MAX_VALUE;
        long begin = System.nanoTime();
        for (int i = 0; i < FEWEST_WARM_UPS || isWithin(begin, warmUp(seconds)); i++) {
            ourTime = Math.min(ourTime, time(ours, 1));
            theirTime = Math.min(theirTime, time(theirs, 1));
        }
        int ourBatch = (int) Math.ceil(wanted / ourTime);
        int theirBatch = (int) Math.ceil(wanted / theirTime);
        List<double[]> rounds = new ArrayList<>();
        begin = System.nanoTime();
        while (rounds.size() < FEWEST_ROUNDS || isWithin(begin, seconds)) {
            double a = sample(ours, ourBatch, threads);
            double b = sample(theirs, theirBatch, threads);
            rounds.add(new double[] {a / 1e6, b / 1e6});
        }
        return new Interleaved(
                rounds.stream().mapToDouble(round -> round[0]).toArray(),
                rounds.stream().mapToDouble(round -> round[1]).toArray());
    }

    /** Seconds of warm-up before {@code seconds} of measuring: the JIT needs some in any case. */
    static double warmUp(double seconds) {
        return Math.max(LEAST_WARM_UP, seconds / 2);
    }

    /** The peer's time over ours, round by round. */
    double[] ratios() {
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = theirs[i] / ours[i];
        }
        return ratios;
    }

    /** The peer's median time over ours. */
    double ratio() {
        return Statistics.median(theirs) / Statistics.median(ours);
    }

    private static double sample(Engine engine, int batch, int threads) {
        if (threads > 1) {
            awaitRest();
            engine.run();
        }
        return time(engine, batch);
    }

    private static double time(Engine engine, int batch) {
        long begin = System.nanoTime();
        engine.run(batch);
        return (double) (System.nanoTime() - begin) / batch;
    }

    private static boolean isWithin(long begin, double seconds) {
        return System.nanoTime() - begin < seconds * NANOS;
    }

    /**
     * Returns when this process has used next to no time for a while, or after a fifth of a second.
     */
    private static void awaitRest() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long used = system.getProcessCpuTime();
        for (int i = 0; i < 10; i++) {
            LockSupport.parkNanos(20_000_000);
            long now = system.getProcessCpuTime();
            if (now - used < 5_000_000) {
                return;
            }
            used = now;
        }
    }
}
