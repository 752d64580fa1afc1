package org.cinnabar.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file completely or not at all. */
public final class AtomicFile {
    private AtomicFile() {}

    /** What is written. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything to {@code out}, which need not be closed. */
        void write(OutputStream out) throws IOException;
    }

    /**
     * Replaces the file at {@code path} by {@code content}: written beside it under another name,
     * then moved. If that fails nothing is left behind and an old file stays as it was. A device or
     * pipe is written directly. Rejects a folder and a file in a folder that does not exist.
     */
    public static void write(Path path, Content content) throws IOException {
        if (Files.isDirectory(path)) {
            throw new FileSystemException(path.toString(), null, "is a folder");
        }
        boolean exists = Files.exists(path);
        if (exists && !Files.isRegularFile(path)) {
            try (OutputStream out = Files.newOutputStream(path)) {
                content.write(out);
            }
            return;
        }
        Path target = exists ? path.toRealPath() : path.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new FileSystemException(path.toString(), null, "its folder does not exist");
        }
        Path part = folder.resolve("." + target.getFileName() + "." + System.nanoTime() + ".part");
        try {
            // Not Files.createTempFile: the file gets the permissions of any other new file.
            try (FileChannel channel =
                            FileChannel.open(
                                    part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                content.write(out);
            }
            move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException _) {
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
