package org.cinnabar.ir.loop;

import java.util.List;

/**
 * One step of a program: {@code tasks} pieces of work that may run in any order and on any thread
 * with the same result. The driver takes the parameters {@code from} and {@code to} and does the
 * tasks in [from, to).
 */
public record Kernel(String label, int tasks, Function driver) {
    /** Names of the driver's parameters. */
    public static final List<String> RANGE = List.of("from", "to");

    public Kernel {
        if (tasks < 1) {
            throw new IllegalArgumentException("kernel " + label + " has " + tasks + " tasks");
        }
        if (!driver.parameters().equals(RANGE)) {
            throw new IllegalArgumentException(
                    "driver of " + label + " takes " + driver.parameters());
        }
    }
}
