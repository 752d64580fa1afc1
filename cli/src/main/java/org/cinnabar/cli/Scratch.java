package org.cinnabar.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A folder for files that a command needs while it runs. */
final class Scratch implements AutoCloseable {
    private final Path folder;
    private int files;

    private Scratch(Path folder) {
        this.folder = folder;
    }

    static Scratch create() throws IOException {
        Scratch scratch = new Scratch(Files.createTempDirectory("cinnabar"));
        Runtime.getRuntime().addShutdownHook(new Thread(scratch::close));
        return scratch;
    }

    /** A new file whose name ends in {@code name}. */
    Path file(String name) throws IOException {
        return Files.createDirectory(folder.resolve(String.valueOf(++files))).resolve(name);
    }

    /** Deletes the folder with everything in it; what cannot be deleted stays. */
    @Override
    public void close() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException _) {
            // Temporary files are the system's to sweep.
        }
    }
}
