package org.cinnabar.runtime;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * Opens what a command line names. It does without {@code java.nio.file}, whose beginnings take a
 * native executable longer than a small model.
 */
final class InputFile {
    private InputFile() {}

    /** Throws what {@link java.nio.file.Files} does if {@code file} is missing or forbidden. */
    static RandomAccessFile open(File file) throws IOException {
        try {
            return new RandomAccessFile(file, "r");
        } catch (FileNotFoundException e) {
            IOException named =
                    file.exists()
                            ? new AccessDeniedException(file.getPath())
                            : new NoSuchFileException(file.getPath());
            named.initCause(e);
            throw named;
        }
    }

    /** The first {@code count} bytes of {@code file}, or all if there are fewer. */
    static byte[] start(File file, int count) throws IOException {
        try (RandomAccessFile in = open(file)) {
            byte[] bytes = new byte[(int) Math.min(count, in.length())];
            in.readFully(bytes);
            return bytes;
        }
    }

    /** All of {@code file}. */
    static byte[] bytes(File file) throws IOException {
        return start(file, Integer.MAX_VALUE - 8);
    }
}
