package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ModelTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Affine model = new Affine(7, true);

    @Test
    void givesRightResultsToEightThreadsAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Callable<Boolean>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                float[] x = Affine.ramp(7 * (caller + 1));
                callers.add(
                        () -> {
                            float[] y = new float[x.length];
                            for (int i = 0; i < 3000; i++) {
                                model.run(x, y);
                                if (!Arrays.equals(y, model.expected(x))) {
                                    return false;
                                }
                            }
                            return true;
                        });
            }
            for (Future<Boolean> caller : threads.invokeAll(callers)) {
                assertThat(caller.get()).isTrue();
            }
        }
    }

    @Test
    void staysUsableAfterAWrongSize() {
        float[] x = Affine.ramp(7);
        float[] y = new float[7];
        assertThatThrownBy(() -> model.run(x, new float[3]))
                .isInstanceOf(IllegalArgumentException.class);
        model.run(x, y);
        assertThat(y).containsExactly(model.expected(x));
    }

    @Test
    void allocatesNothingInSteadyState() {
        Session session = model.session();
        session.input(0).bind(Affine.ramp(7));
        session.output(0).bind(new float[7]);
        assertThat(allocatedBy(session::run)).isZero();
    }

    @Test
    void allocatesNothingOverABatch() {
        Session session = model.session();
        session.input(0).bind(Affine.ramp(7 * 50));
        session.output(0).bind(new float[7 * 50]);
        assertThat(allocatedBy(session::run)).isZero();
    }

    @Test
    void allocatesNothingInPooledRuns() {
        float[] x = Affine.ramp(14);
        float[] y = new float[14];
        assertThat(allocatedBy(() -> model.run(x, y))).isZero();
    }

    @Test
    void allocatesNothingOnBuffersAndSegments() {
        Session session = model.session();
        FloatBuffer x = FloatBuffer.wrap(Affine.ramp(14));
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment y = memory.allocate(56);
            assertThat(
                            allocatedBy(
                                    () -> {
                                        session.input(0).bind(x);
                                        session.output(0).bind(y);
                                        session.run();
                                    }))
                    .isZero();
        }
    }

    @Test
    void allocatesNothingWithAnyNumberOfThreads() {
        for (int threads : new int[] {2, 5}) {
            Session session = model.session(threads);
            session.input(0).bind(Affine.ramp(7));
            session.output(0).bind(new float[7]);
            assertThat(allocatedBy(session::run)).as("%d threads", threads).isZero();
        }
    }

    @Test
    void rejectsASessionWithoutThreads() {
        assertThatThrownBy(() -> model.session(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("affine: a session takes at least 1 thread; got 0");
    }

    @Test
    void describesItself() {
        assertThat(model).hasToString("affine(x 1x7) -> (y 1x7), scalar");
    }

    /** Bytes this thread allocates in the best of ten rounds of runs, after a warm-up. */
    private static long allocatedBy(Runnable run) {
        for (int i = 0; i < 20_000; i++) {
            run.run();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 10; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) {
                run.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
