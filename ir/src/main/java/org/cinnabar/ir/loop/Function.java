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

    /** How large its code is: statements and operations, functions that it calls aside. */
    public int size() {
        return size(body);
    }

    private static int size(Stmt stmt) {
        return switch (stmt) {
            case Stmt.Block(List<Stmt> body) -> body.stream().mapToInt(Function::size).sum();
            case Stmt.For(_, _, _, _, Stmt body) -> 1 + size(body);
            case Stmt.Let(_, Value value) -> size(value);
            case Stmt.Set(_, Value value) -> size(value);
            case Stmt.Store(_, Value value) -> 1 + size(value);
            case Stmt.Bind _, Stmt.Prefetch _, Stmt.Call _ -> 1;
        };
    }

    private static int size(Value value) {
        return 1 + value.operands().stream().mapToInt(Function::size).sum();
    }
}
