package org.cinnabar.cli;

/** Starts {@link Cinnabar} on the arguments of this JVM. */
public final class Main {
    private Main() {}

    /** Runs the command line {@code words} and ends the JVM with its exit code. */
    public static void main(String[] words) {
        System.setProperty("java.awt.headless", "true");
        System.exit(Cinnabar.execute(Console.ofProcess(), words));
    }
}
