package org.cinnabar.ir.loop;

import java.util.List;

/**
 * One step of a program: {@code tasks} pieces of work that may run in any order and on any thread
 * with the same result. The driver takes the parameters {@code from} and {@code to} and does the
 * tasks in [from, to); {@code own} is where {@link #own} numbers of the arena begin that nobody
 * else uses meanwhile. They hold anything, before and after.
 */
public record Kernel(String label, int tasks, int own, Function driver) {
    /** Names of the driver's parameters. */
    public static final List<String> RANGE = List.of("from", "to", "own");

    /**
     * Whether {@code function} does a range of tasks: its first parameters say which, as those of a
     * driver.
     */
    public static boolean doesRange(Function function) {
        List<String> parameters = function.parameters();
        return parameters.size() >= RANGE.size()
                && parameters.subList(0, RANGE.size()).equals(RANGE);
    }

    public Kernel {
        if (tasks < 1) {
            throw new IllegalArgumentException("kernel " + label + " has " + tasks + " tasks");
        }
        if (own < 0) {
            throw new IllegalArgumentException("kernel " + label + " needs " + own + " numbers");
        }
        if (!driver.parameters().equals(RANGE)) {
            throw new IllegalArgumentException(
                    "driver of " + label + " takes " + driver.parameters());
        }
    }
}
