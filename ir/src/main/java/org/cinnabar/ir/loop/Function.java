package org.cinnabar.ir.loop;

import java.util.List;

/**
 * A function over the arena and the weights. Functions have identity: a tile that several kernels
 * share is one object and becomes one method, which the JIT compiles once for the whole network.
 * {@code name} is unique within a program.
 */
public record Function(String name, List<String> parameters, Stmt body) {
    public Function {
        parameters = List.copyOf(parameters);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
