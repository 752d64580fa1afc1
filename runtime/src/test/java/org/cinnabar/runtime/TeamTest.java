package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TeamTest {
    @Test
    void resultsDoNotDependOnTheNumberOfThreads() {
        for (int length : new int[] {1, 2, 3, 13, 64}) {
            Affine model = new Affine(length, true);
            float[] x = Affine.ramp(3 * length);
            for (int threads : new int[] {1, 2, 5}) {
                Session session = model.session(threads);
                for (int round = 0; round < 200; round++) {
                    float[] y = new float[x.length];
                    session.input(0).bind(x);
                    session.output(0).bind(y);
                    session.run();
                    assertThat(y)
                            .as("%d values, %d threads", length, threads)
                            .containsExactly(model.expected(x));
                }
            }
        }
    }

    @Test
    void runsEveryTaskOnce() {
        AtomicIntegerArray runs = new AtomicIntegerArray(13);
        Program counting =
                new Affine.Steps(13) {
                    @Override
                    public void run(
                            int step, int from, int to, int own, float[] arena, float[] weights) {
                        for (int i = from; i < to && step == 0; i++) {
                            runs.incrementAndGet(i);
                        }
                    }
                };
        Session session = new Affine(13, true, counting).session(5);
        session.input(0).bind(new float[13]);
        for (int i = 0; i < 5000; i++) {
            session.run();
        }
        for (int i = 0; i < runs.length(); i++) {
            assertThat(runs.get(i)).isEqualTo(5000);
        }
    }

    @Test
    void worksWithSleepingWorkers() throws InterruptedException {
        Affine model = new Affine(13, true);
        Session session = model.session(3);
        float[] x = Affine.ramp(13);
        float[] y = new float[13];
        session.input(0).bind(x);
        session.output(0).bind(y);
        for (int i = 0; i < 20; i++) {
            Arrays.fill(y, 0);
            session.run();
            assertThat(y).containsExactly(model.expected(x));
            Thread.sleep(5);
        }
    }

    @Test
    void passesOnWhatATaskThrowsAndStaysUsable() {
        for (int threads : new int[] {1, 2, 5}) {
            for (int failing = 0; failing < 10; failing += 3) {
                Failing program = new Failing(10, failing);
                Affine model = new Affine(10, true, program);
                Session session = model.session(threads);
                float[] x = Affine.ramp(10);
                float[] y = new float[10];
                session.input(0).bind(x);
                session.output(0).bind(y);
                assertThatThrownBy(session::run).isSameAs(program.failure);
                program.failure = null;
                session.run();
                assertThat(y).containsExactly(model.expected(x));
            }
        }
    }

    @Test
    void isHelpedByAnExecutor() {
        Affine model = new Affine(13, true);
        float[] x = Affine.ramp(13);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            assertRight(model, model.session(threads, 4), x);
        }
    }

    @Test
    void doesNotWaitForAnExecutorThatNeverHelps() {
        Affine model = new Affine(13, true);
        float[] x = Affine.ramp(13);
        Executor never = task -> {};
        Executor refuses =
                task -> {
                    throw new RejectedExecutionException();
                };
        assertRight(model, model.session(never, 4), x);
        assertRight(model, model.session(refuses, 4), x);
        assertRight(model, model.session(Runnable::run, 4), x);
    }

    @Test
    void doesNotKeepADroppedSessionAlive() throws InterruptedException {
        WeakReference<Session> dropped = new WeakReference<>(usedSession());
        for (int i = 0; i < 50 && dropped.get() != null; i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(dropped.get()).isNull();
    }

    private static Session usedSession() {
        Session session = new Affine(13, true).session(3);
        session.input(0).bind(new float[13]);
        session.run();
        return session;
    }

    private static void assertRight(Affine model, Session session, float[] x) {
        float[] y = new float[x.length];
        session.input(0).bind(x);
        session.output(0).bind(y);
        for (int i = 0; i < 500; i++) {
            Arrays.fill(y, 0);
            session.run();
            assertThat(y).containsExactly(model.expected(x));
        }
    }

    private static final class Failing extends Affine.Steps {
        private final int at;
        volatile @Nullable RuntimeException failure = new RuntimeException("task");

        Failing(int length, int at) {
            super(length);
            this.at = at;
        }

        @Override
        public void run(int step, int from, int to, int own, float[] arena, float[] weights) {
            if (step == 1 && from <= at && at < to && failure != null) {
                throw failure;
            }
            super.run(step, from, to, own, arena, weights);
        }
    }
}
