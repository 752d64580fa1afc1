package org.cinnabar.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of members, the caller and its workers, that run a program's steps together.
 *
 * <p>Step after step, the tasks are cut into one part per member; member {@code t} of {@code T}
 * does tasks {@code t*n/T} to {@code (t+1)*n/T}. A part that its member has not begun is taken by
 * whoever is free, so a worker that sleeps, ended or was never started delays nobody. A step is
 * published by raising {@code epoch} and over when no part is pending.
 *
 * <p>Members wait by spinning for some tenths of a millisecond and then parking; a worker that has
 * seen no step for {@code LINGER} ends and is started again when needed. Between runs a team holds
 * neither program nor arena, so its workers keep no session alive.
 */
final class Team {
    private static final int SPINS = 8000;
    private static final long LINGER_NANOS = 3_000_000_000L;
    private static final int CACHE_LINE = 16;
    private static final float[] NOTHING = {};

    private final int size;
    private final int spins;
    private final @Nullable Executor executor;
    private final Worker[] workers;

    /** The last epoch in which each member's part was taken, one cache line apart. */
    private final AtomicIntegerArray taken;

    private final AtomicInteger pending = new AtomicInteger();
    private volatile int epoch;
    private volatile @Nullable Thread parked;
    private volatile @Nullable Throwable failure;

    private volatile @Nullable Thread caller;
    private @Nullable Program program;
    private float[] arena = NOTHING;
    private float[] weights = NOTHING;
    private int step;
    private int tasks;

    /** A team of {@code size} members, whose workers are threads of its own without an executor. */
    Team(int size, @Nullable Executor executor) {
        this.size = size;
        this.spins = size <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
        this.executor = executor;
        this.taken = new AtomicIntegerArray(size * CACHE_LINE);
        this.workers = new Worker[size - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
        }
    }

    /** Number of members. */
    int size() {
        return size;
    }

    /** Runs all steps; rethrows what a task throws, after the step's other tasks have ended. */
    void run(Program program, float[] arena, float[] weights) {
        this.program = program;
        this.arena = arena;
        this.weights = weights;
        caller = Thread.currentThread();
        try {
            int steps = program.steps();
            for (int step = 0; step < steps; step++) {
                int tasks = program.tasks(step);
                if (tasks > 1) {
                    share(step, tasks);
                } else {
                    program.run(step, 0, tasks, own(program, 0), arena, weights);
                }
            }
        } finally {
            caller = null;
            this.program = null;
            this.arena = NOTHING;
            this.weights = NOTHING;
        }
    }

    private void share(int step, int tasks) {
        this.step = step;
        this.tasks = tasks;
        pending.set(size);
        int current = epoch + 1;
        epoch = current;
        int helpers = Math.min(size, tasks) - 1;
        for (int i = 0; i < helpers; i++) {
            workers[i].summon();
        }
        help(0, current);
        await();
        Throwable thrown = failure;
        if (thrown != null) {
            failure = null;
            Team.<RuntimeException>rethrow(thrown);
        }
    }

    private void await() {
        for (int spun = 0; pending.get() > 0; spun++) {
            if (spun < spins) {
                Thread.onSpinWait();
            } else {
                parked = caller;
                if (pending.get() > 0) {
                    LockSupport.park(this);
                }
                parked = null;
            }
        }
    }

    /** Does every part of {@code current} that is still to be taken, the member's own first. */
    private void help(int member, int current) {
        for (int i = 0; i < size; i++) {
            int part = member + i < size ? member + i : member + i - size;
            int place = part * CACHE_LINE;
            if (taken.get(place) == current - 1
                    && taken.compareAndSet(place, current - 1, current)) {
                perform(part);
            }
        }
    }

    private void perform(int part) {
        try {
            int from = (int) ((long) part * tasks / size);
            int to = (int) ((part + 1L) * tasks / size);
            Program running = program;
            if (from < to && running != null) {
                running.run(step, from, to, own(running, part), arena, weights);
            }
        } catch (Throwable thrown) {
            failure = thrown;
        }
        if (pending.decrementAndGet() == 0) {
            LockSupport.unpark(parked);
        }
    }

    /** Where the memory for {@code part} begins. */
    private int own(Program running, int part) {
        return arena.length - (size - part) * running.own();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
        throw (E) thrown;
    }

    private final class Worker implements Runnable {
        private static final int ABSENT = 0;
        private static final int PRESENT = 1;
        private static final int PARKED = 2;

        private final int member;
        private final AtomicInteger state = new AtomicInteger(ABSENT);
        private volatile @Nullable Thread thread;

        Worker(int member) {
            this.member = member;
        }

        /** Called by the caller after it raised the epoch: sees that this worker will notice. */
        void summon() {
            if (state.get() == PARKED) {
                LockSupport.unpark(thread);
            } else if (state.compareAndSet(ABSENT, PRESENT)) {
                start();
            }
        }

        private void start() {
            if (executor == null) {
                Thread started = new Thread(null, this, "model-worker-" + member, 0, false);
                started.setDaemon(true);
                started.start();
                return;
            }
            try {
                executor.execute(this);
            } catch (RuntimeException _) {
                state.set(ABSENT);
            }
        }

        @Override
        public void run() {
            Thread current = Thread.currentThread();
            thread = current;
            // An executor may run its tasks in the thread that submits them.
            if (current != caller) {
                int seen = 0;
                for (int now = next(seen); now != seen; now = next(seen)) {
                    seen = now;
                    help(member, now);
                }
            }
            thread = null;
            state.set(ABSENT);
        }

        /** Waits for an epoch after {@code seen} and returns it; {@code seen} if none came. */
        private int next(int seen) {
            int now = epoch;
            for (int spun = 0; now == seen && spun < spins; spun++) {
                Thread.onSpinWait();
                now = epoch;
            }
            return now == seen && executor == null ? rest(seen) : now;
        }

        /** The same, parked. */
        private int rest(int seen) {
            state.set(PARKED);
            long start = System.nanoTime();
            long left = LINGER_NANOS;
            while (epoch == seen && left > 0) {
                LockSupport.parkNanos(Team.this, left);
                left = LINGER_NANOS - (System.nanoTime() - start);
            }
            state.set(PRESENT);
            return epoch;
        }
    }
}
