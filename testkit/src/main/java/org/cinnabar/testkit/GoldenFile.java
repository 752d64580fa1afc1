package org.cinnabar.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of one golden file. */
record GoldenFile(Path path, String before, Optional<String> after) {
    private static final String SEPARATOR = "\n----\n";
    private static final Pattern HEADER = Pattern.compile("(?m)^# (\\w+): *(.*\\S)");
    private static final Pattern ERROR = Pattern.compile("[^#\n]*\\S[^#\n]*# error: *(.*\\S)");

    static GoldenFile read(Path path) throws IOException {
        String text = Files.readString(path).replace("\r\n", "\n");
        int separator = text.indexOf(SEPARATOR);
        return separator < 0
                ? new GoldenFile(path, text, Optional.empty())
                : new GoldenFile(
                        path,
                        text.substring(0, separator + 1),
                        Optional.of(text.substring(separator + SEPARATOR.length())));
    }

    /** The setting {@code name} of the header. */
    Optional<String> header(String name) {
        return HEADER.matcher(before)
                .results()
                .filter(line -> line.group(1).equals(name))
                .map(line -> line.group(2))
                .findFirst();
    }

    /** Expected errors by the number of their line, from 1. */
    Map<Integer, String> errors() {
        Map<Integer, String> errors = new TreeMap<>();
        String[] lines = before.split("\n");
        for (int i = 0; i < lines.length; i++) {
            Matcher error = ERROR.matcher(lines[i]);
            if (error.matches()) {
                errors.put(i + 1, error.group(1));
            }
        }
        return errors;
    }

    /** Replaces the expected text on disk. */
    void bless(String text) throws IOException {
        Files.writeString(path, before.stripTrailing() + SEPARATOR + text);
    }
}
