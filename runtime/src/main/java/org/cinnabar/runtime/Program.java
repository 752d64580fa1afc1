package org.cinnabar.runtime;

/**
 * The compiled steps of one model for one vector width.
 *
 * <p>Steps run one after the other; the tasks of one step are independent and may run on different
 * threads in any order. A task's result does not depend on how the tasks were divided.
 */
public abstract class Program {
    /** For generated subclasses. */
    protected Program() {}

    /** Number of steps. */
    public abstract int steps();

    /**
     * Number of independent tasks of {@code step}, numbered from 0; a step of one is never split.
     */
    public abstract int tasks(int step);

    /** Runs the tasks {@code from} to {@code to}, exclusive, of {@code step}. */
    public abstract void run(int step, int from, int to, float[] arena, float[] weights);

    /** Number of inner kernels that {@link #touch} calls. */
    public int touches() {
        return 0;
    }

    /** Length of the array that {@link #touch} needs. */
    public int scratch() {
        return 0;
    }

    /**
     * Calls inner kernel {@code index} on a few numbers of {@code scratch}, which has at least
     * {@link #scratch} of them. Results mean nothing; what matters is that all of a kernel's code
     * has run when the JIT compiles it.
     */
    public void touch(int index, float[] scratch) {}
}
