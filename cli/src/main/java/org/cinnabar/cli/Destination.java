package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a command will write, looked at before it works for long. */
final class Destination {
    private Destination() {}

    /** The jar of {@code model} in the working directory. */
    static Path jarOf(Path model) {
        return Path.of(nameOf(model) + ".jar");
    }

    /** The executable or folder of {@code model} in the working directory. */
    static Path namesakeOf(Path model) {
        return Path.of(nameOf(model));
    }

    private static String nameOf(Path model) {
        Path name = model.getFileName();
        String text = name == null ? "model" : name.toString();
        return text.endsWith(".onnx") ? text.substring(0, text.length() - 5) : text;
    }

    /**
     * Rejects a file that could not be written: a folder, or a file in one that does not exist or
     * takes no new files. What a folder takes is found by trying.
     */
    static void requireWritable(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "is a folder; name a file in it");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new FileSystemException(
                    file.toString(), null, "its folder does not exist; create it first");
        }
        try {
            Files.delete(Files.createTempFile(folder, ".cinnabar", ".part"));
        } catch (IOException | SecurityException _) {
            throw new FileSystemException(
                    file.toString(), null, "its folder cannot be written; choose another");
        }
    }
}
