package org.cinnabar.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the tests measured, one line per figure, printed and kept. */
final class Figures {
    private static final Path FILE = Path.of("target", "figures.txt");

    private Figures() {}

    /** Records that {@code model} reached {@code figure} under {@code condition}. */
    static synchronized void record(String model, String condition, String figure)
            throws IOException {
        String line = String.format(Locale.ROOT, "%-24s %-32s %s%n", model, condition, figure);
        System.out.print(line);
        Files.createDirectories(FILE.getParent());
        Files.writeString(FILE, line, UTF_8, CREATE, APPEND);
    }
}
