package org.cinnabar.frontend.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads files as messages whose raw data stays in the mapped file, and says what a file is that
 * holds no model.
 */
public final class ModelFile {
    private static final String ADVICE = "check the path, or export the model again";

    private ModelFile() {}

    /** The model in {@code file}. */
    public static ParsedModel read(Path file) {
        return parse(map(file));
    }

    /** The single tensor in {@code file}. */
    public static StoredTensor readTensor(Path file) {
        try {
            return ModelParser.tensor(map(file));
        } catch (InvalidProtocolBufferException _) {
            throw new Rejected("a serialized tensor", "bytes that are none", "check the path");
        }
    }

    /** The model in {@code bytes}. */
    public static ParsedModel parse(ByteBuffer bytes) {
        ParsedModel model;
        try {
            model = ModelParser.model(bytes);
        } catch (InvalidProtocolBufferException _) {
            throw notOnnx(bytes);
        }
        if (!model.proto().hasGraph() || model.proto().getIrVersion() < 1) {
            throw notOnnx(bytes);
        }
        return model;
    }

    private static ByteBuffer map(Path file) {
        if (!Files.exists(file)) {
            throw new Rejected("a file", "no such file", "check the path");
        }
        if (!Files.isRegularFile(file)) {
            throw new Rejected("a file", "a directory or device", "check the path");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new Rejected(
                        "a file below 2 GiB, the limit of protobuf",
                        channel.size() + " bytes",
                        "export the model with external data");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private static Rejected unreadable(IOException e) {
        return new Rejected(
                "a readable file", e.getClass().getSimpleName() + ": " + e.getMessage(), "");
    }

    private static Rejected notOnnx(ByteBuffer bytes) {
        String expected = "an ONNX model";
        String kind = kind(bytes);
        if (!kind.isEmpty()) {
            return new Rejected(expected, kind, ADVICE);
        }
        if (startsWith(bytes, 0x08) && bytes.limit() > 1 && bytes.get(1) > 0 && bytes.get(1) < 32) {
            return new Rejected(
                    expected,
                    "one that is cut off or damaged (" + bytes.limit() + " bytes)",
                    "fetch or export the file again");
        }
        return new Rejected(expected, bytes.limit() + " bytes of another format", ADVICE);
    }

    /** What a file that is not ONNX obviously is; empty if that is not obvious. */
    private static String kind(ByteBuffer bytes) {
        if (bytes.limit() == 0) {
            return "an empty file";
        } else if (startsWith(bytes, 0x89, 'P', 'N', 'G')) {
            return "a PNG image";
        } else if (startsWith(bytes, 0xFF, 0xD8, 0xFF)) {
            return "a JPEG image";
        } else if (startsWith(bytes, 'P', 'K', 3, 4)) {
            return "a ZIP archive (PyTorch's own format is one)";
        } else if (startsWith(bytes, 0x89, 'H', 'D', 'F')) {
            return "an HDF5 file";
        } else if (startsWith(bytes, 0x93, 'N', 'U', 'M', 'P', 'Y')) {
            return "a NumPy array";
        }
        byte[] start = new byte[Math.min(64, bytes.limit())];
        bytes.get(0, start);
        String head = new String(start, StandardCharsets.ISO_8859_1);
        if (head.startsWith("version https://git-lfs")) {
            return "a Git LFS pointer instead of the file it stands for";
        }
        boolean text =
                head.chars()
                        .allMatch(c -> c >= ' ' && c < 127 || c == '\n' || c == '\r' || c == '\t');
        return text ? "a text file" : "";
    }

    private static boolean startsWith(ByteBuffer bytes, int... magic) {
        if (bytes.limit() < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if (bytes.get(i) != (byte) magic[i]) {
                return false;
            }
        }
        return true;
    }
}
