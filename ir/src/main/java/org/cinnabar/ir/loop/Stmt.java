package org.cinnabar.ir.loop;

import java.util.List;

/** What a function does. */
public sealed interface Stmt {
    /** One after the other; locals declared inside end with it. */
    record Block(List<Stmt> body) implements Stmt {
        public Block {
            body = List.copyOf(body);
        }
    }

    /**
     * {@code for (int name = from; name < to; name += step) body}; {@code to} does not change
     * during the loop.
     */
    record For(String name, Index from, Index to, int step, Stmt body) implements Stmt {
        public For {
            if (step < 1) {
                throw new IllegalArgumentException("loop over " + name + " with step " + step);
            }
        }
    }

    /** {@code int name = index}, for the rest of the enclosing block. */
    record Bind(String name, Index index) implements Stmt {}

    /** Declares {@code local} with a first value, for the rest of the enclosing block. */
    record Let(Value.Local local, Value value) implements Stmt {
        public Let {
            check(local, value);
        }
    }

    /** Assigns a declared local. */
    record Set(Value.Local local, Value value) implements Stmt {
        public Set {
            check(local, value);
        }
    }

    /** Stores the lanes of {@code value} from {@code index} of the arena on. */
    record Store(Index index, Value value) implements Stmt {}

    /**
     * Asks for the cache line of the numbers from {@code index} on, of which {@link #NUMBERS} are
     * in {@code memory}; changes nothing.
     */
    record Prefetch(Memory memory, Index index) implements Stmt {
        public static final int NUMBERS = 4;
    }

    /**
     * Nothing is loaded before it that is loaded after it here: the JIT would fetch what it needs
     * later as early as it can, and run out of registers. No instruction comes of it.
     */
    record LoadFence() implements Stmt {}

    /** Calls {@code function}; one argument for each parameter. */
    record Call(Function function, List<Index> arguments) implements Stmt {
        public Call {
            arguments = List.copyOf(arguments);
            if (arguments.size() != function.parameters().size()) {
                throw new IllegalArgumentException(
                        function.name()
                                + " takes "
                                + function.parameters().size()
                                + " arguments, got "
                                + arguments.size());
            }
        }
    }

    private static void check(Value.Local local, Value value) {
        if (local.lanes() != value.lanes()) {
            throw new IllegalArgumentException(
                    local.name() + " has " + local.lanes() + " lanes, its value " + value.lanes());
        }
    }
}
