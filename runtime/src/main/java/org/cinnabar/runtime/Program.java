package org.cinnabar.runtime;

/**
 * The compiled steps of one model for one vector width.
 *
 * <p>Steps run one after the other; the tasks of one step are independent and may run on different
 * threads in any order. A task's result does not depend on how the tasks were divided.
 */
public abstract class Program {
    /**
     * Whether kernels may ask for weights ahead of their use: the JIT has an instruction for that,
     * native-image has not.
     */
    protected static final boolean PREFETCHES = !Executable.NATIVE;

    /** For generated subclasses. */
    protected Program() {}

    /** Number of steps. */
    public abstract int steps();

    /**
     * Number of independent tasks of {@code step}, numbered from 0; a step of one is never split.
     */
    public abstract int tasks(int step);

    /**
     * Numbers of the arena that each thread needs for itself; they lie at the end of the arena, one
     * thread's after another's.
     */
    public int own() {
        return 0;
    }

    /**
     * Runs the tasks {@code from} to {@code to}, exclusive, of {@code step}. {@link #own} numbers
     * of {@code arena} from {@code own} on are this call's alone, and hold anything.
     */
    public abstract void run(int step, int from, int to, int own, float[] arena, float[] weights);

    /** An arena for {@code shared} numbers and {@code threads} threads. */
    final float[] arena(int shared, int threads) {
        return AlignedArrays.floats(Math.addExact(shared, Math.multiplyExact(threads, own())));
    }

    /** Runs all steps in the calling thread, in an {@link #arena} for one. */
    final void run(float[] arena, float[] weights) {
        int own = arena.length - own();
        int steps = steps();
        for (int step = 0; step < steps; step++) {
            run(step, 0, tasks(step), own, arena, weights);
        }
    }

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
