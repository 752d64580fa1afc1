package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other Java programs. */
final class Child {
    private Child() {}

    /** Runs {@code jar} with this process's input and outputs, and returns its exit code. */
    static int java(Path jar, List<String> words) throws IOException, InterruptedException {
        if (!Files.exists(jar)) {
            throw new NoSuchFileException(jar.toString());
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String lanes = System.getProperty("cinnabar.vector");
        if (lanes != null) {
            command.add("-Dcinnabar.vector=" + lanes);
        }
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(words);
        Process child = new ProcessBuilder(command).inheritIO().start();
        try {
            return child.waitFor();
        } finally {
            child.destroy();
        }
    }
}
