package org.cinnabar.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls every inner kernel of a program on a few numbers, so that the JIT compiles it. One thread
 * of its own begins at once, with the largest; {@link #finish} helps it from the other end, so that
 * hardly ever two large ones take the JIT's memory at a time.
 */
final class WarmUp {
    /** More calls than the JIT waits for before it compiles a kernel. */
    private static final int CALLS = 12;

    private final Program program;
    private final AtomicInteger taken = new AtomicInteger();
    private final Thread helper;

    private WarmUp(Program program) {
        this.program = program;
        this.helper = new Thread(() -> touch(0, 1), "model-warm-up");
        helper.setDaemon(true);
    }

    static WarmUp begin(Program program) {
        WarmUp warmUp = new WarmUp(program);
        warmUp.helper.start();
        return warmUp;
    }

    /** Calls one kernel after the other from {@code first} on until all are taken. */
    private void touch(int first, int step) {
        float[] scratch = new float[program.scratch()];
        int touches = program.touches();
        for (int i = first; taken.getAndIncrement() < touches; i += step) {
            for (int call = 0; call < CALLS; call++) {
                program.touch(i, scratch);
            }
        }
    }

    /** Returns when every kernel was called. */
    void finish() {
        touch(program.touches() - 1, -1);
        try {
            helper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
