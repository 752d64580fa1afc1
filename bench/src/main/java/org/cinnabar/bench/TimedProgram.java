package org.cinnabar.bench;

import java.util.Arrays;
import org.cinnabar.runtime.Program;

/** Another program, with the time that each step takes; for one thread. */
final class TimedProgram extends Program {
    private static final int MOST_SAMPLES = 1 << 12;

    private final Program program;
    private final long[][] nanos;
    private final int[] counts;

    private TimedProgram(Program program, int steps) {
        this.program = program;
        this.nanos = new long[steps][MOST_SAMPLES];
        this.counts = new int[steps];
    }

    static TimedProgram of(Program program) {
        return new TimedProgram(program, program.steps());
    }

    /** Drops all times. */
    void forget() {
        Arrays.fill(counts, 0);
    }

    /** Microseconds of {@code step}, the latest few thousand. */
    double[] micros(int step) {
        int count = Math.min(counts[step], MOST_SAMPLES);
        return Arrays.stream(nanos[step], 0, count).mapToDouble(time -> time / 1e3).toArray();
    }

    @Override
    public int steps() {
        return program.steps();
    }

    @Override
    public int tasks(int step) {
        return program.tasks(step);
    }

    @Override
    public int own() {
        return program.own();
    }

    @Override
    public void run(int step, int from, int to, int own, float[] arena, float[] weights) {
        long begin = System.nanoTime();
        program.run(step, from, to, own, arena, weights);
        nanos[step][counts[step]++ % MOST_SAMPLES] = System.nanoTime() - begin;
    }
}
