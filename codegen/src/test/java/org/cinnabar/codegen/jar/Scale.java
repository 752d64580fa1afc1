package org.cinnabar.codegen.jar;

import org.cinnabar.runtime.Program;

/** The program {@code y_i = x_i * w_0 + w_i} on seven values. */
final class Scale extends Program {
    @Override
    public int steps() {
        return 1;
    }

    @Override
    public int tasks(int step) {
        return 7;
    }

    @Override
    public void run(int step, int from, int to, int own, float[] arena, float[] weights) {
        for (int i = from; i < to; i++) {
            arena[7 + i] = arena[i] * weights[0] + weights[i];
        }
    }
}
