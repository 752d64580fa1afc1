package org.cinnabar.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads names of classes. */
final class Labels {
    private Labels() {}

    /** The lines of {@code file}; none without a file. */
    static List<String> read(@Nullable Path file) throws IOException {
        if (file == null) {
            return List.of();
        }
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8 text", e);
        }
    }
}
