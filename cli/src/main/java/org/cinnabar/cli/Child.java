package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiled jars as programs of their own, in the Java that runs this. */
final class Child {
    private static final String LANES = "cinnabar.vector";

    private Child() {}

    /** Runs {@code jar} with this process's input and outputs, and returns its exit code. */
    static int run(Path jar, List<String> words) throws IOException, InterruptedException {
        return exitCode(command(jar, words).inheritIO());
    }

    /** Runs {@code jar} in silence; what it says is the message if it fails. */
    static void runSilently(Path jar, List<String> words, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder command =
                command(jar, words).redirectErrorStream(true).redirectOutput(log.toFile());
        if (exitCode(command) != 0) {
            String said = Files.readString(log).strip();
            throw new IOException(said.startsWith("error: ") ? said.substring(7) : said);
        }
    }

    private static ProcessBuilder command(Path jar, List<String> words) throws IOException {
        if (!Files.exists(jar)) {
            throw new NoSuchFileException(jar.toString());
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String lanes = System.getProperty(LANES);
        if (lanes != null) {
            command.add("-D" + LANES + "=" + lanes);
        }
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(words);
        return new ProcessBuilder(command);
    }

    private static int exitCode(ProcessBuilder command) throws IOException, InterruptedException {
        Process child = command.start();
        try {
            return child.waitFor();
        } finally {
            child.destroy();
        }
    }
}
