package org.cinnabar.bench;

/** Starts {@link Benchmark} on the arguments of this JVM. */
public final class Main {
    private Main() {}

    /** Runs the command line {@code words} and ends the JVM with its exit code. */
    public static void main(String[] words) {
        System.exit(Benchmark.commandLine().execute(words));
    }
}
