package org.cinnabar.runtime;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls every inner kernel of a program on a few numbers, so that the JIT compiles it. One thread
 * of its own begins at once; {@link #finish} helps it.
 */
final class WarmUp implements Runnable {
    /** More calls than the JIT waits for before it compiles a kernel. */
    private static final int CALLS = 12;

    private final Program program;
    private final AtomicInteger next = new AtomicInteger();
    private final Thread helper;

    private WarmUp(Program program) {
        this.program = program;
        this.helper = new Thread(this, "model-warm-up");
        helper.setDaemon(true);
    }

    static WarmUp begin(Program program) {
        WarmUp warmUp = new WarmUp(program);
        warmUp.helper.start();
        return warmUp;
    }

    @Override
    public void run() {
        float[] scratch = new float[program.scratch()];
        for (int i = next.getAndIncrement(); i < program.touches(); i = next.getAndIncrement()) {
            for (int call = 0; call < CALLS; call++) {
                program.touch(i, scratch);
            }
        }
    }

    /** Returns when every kernel was called. */
    void finish() {
        run();
        try {
            helper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
