package org.cinnabar.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A program and its memory, for those who lay values into it themselves: what a run leaves in the
 * arena is there for the next one. For one thread at a time.
 */
public final class Workspace {
    private final Program program;
    private final float[] weights;
    private final float[] arena;
    private final @Nullable Team team;

    /**
     * A workspace whose runs take place in the calling thread and {@code threads - 1} of its own;
     * results do not depend on the number. Rejects a number below one.
     */
    public Workspace(Program program, float[] weights, int arenaLength, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException(
                    "a workspace takes at least 1 thread; got " + threads);
        }
        this.program = program;
        this.weights = weights;
        this.arena = program.arena(arenaLength, threads);
        this.team = threads == 1 ? null : new Team(threads, null);
        float[] scratch = new float[program.scratch()];
        for (int i = 0; i < program.touches(); i++) {
            program.touch(i, scratch);
        }
    }

    /** The memory itself. */
    public float[] arena() {
        return arena;
    }

    /** Number of steps of a run. */
    public int steps() {
        return program.steps();
    }

    /** Runs all steps. */
    public void run() {
        if (team != null) {
            team.run(program, arena, weights);
            return;
        }
        program.run(arena, weights);
    }

    /** Runs one step in the calling thread. */
    public void run(int step) {
        program.run(step, 0, program.tasks(step), arena.length - program.own(), arena, weights);
    }
}
