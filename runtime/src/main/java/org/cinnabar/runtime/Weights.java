package org.cinnabar.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights: a resource of f32 values, little-endian, without a header.
 *
 * <p>A native executable holds them as memory that is there when it starts: they are read while it
 * is built, unless they are so many that it carries them in a file beside it.
 */
public final class Weights {
    /** What the file beside an executable is called, after the executable. */
    public static final String BESIDE = ".weights";

    /** The most weights that an executable holds itself; a linker's limit is not far above. */
    public static final int MOST_WITHIN = 1 << 28;

    private static final int CHUNK = 1 << 20;

    private final Class<?> anchor;
    private final String resource;
    private final int length;
    private final int checksum;
    private final float @Nullable [] within;

    /**
     * The {@code length} weights in {@code resource}, resolved as {@link Class#getResourceAsStream}
     * does from {@code anchor}, whose bytes have the CRC-32C {@code checksum}.
     */
    public Weights(Class<?> anchor, String resource, int length, int checksum) {
        this.anchor = anchor;
        this.resource = resource;
        this.length = length;
        this.checksum = checksum;
        this.within = Executable.NATIVE && length <= MOST_WITHIN ? read() : null;
    }

    /**
     * The weights, which nobody may change. Throws {@link IllegalStateException} if the resource is
     * missing, of another length, or has another checksum.
     */
    public float[] values() {
        if (within == null) {
            return read();
        }
        // The executable's own memory lies anywhere in a cache line.
        float[] values = AlignedArrays.floats(length);
        System.arraycopy(within, 0, values, 0, length);
        return values;
    }

    private float[] read() {
        try (InputStream in = open()) {
            if (in == null) {
                throw damaged(resource, "is missing");
            }
            return read(in, resource, length, checksum);
        } catch (IOException e) {
            throw new UncheckedIOException("weights " + resource + ": " + e.getMessage(), e);
        }
    }

    private @Nullable InputStream open() throws IOException {
        InputStream in = anchor.getResourceAsStream(resource);
        if (in == null && Executable.NATIVE) {
            Path beside = Path.of(Executable.path() + BESIDE);
            return Files.exists(beside) ? Files.newInputStream(beside) : null;
        }
        return in;
    }

    static float[] read(InputStream in, String resource, int length, int checksum)
            throws IOException {
        float[] weights = AlignedArrays.floats(length);
        byte[] chunk = new byte[(int) Math.min(CHUNK, (long) length * Float.BYTES)];
        FloatBuffer floats = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        CRC32C crc = new CRC32C();
        int filled = 0;
        while (filled < length) {
            int count = Math.min(chunk.length / Float.BYTES, length - filled);
            int bytes = count * Float.BYTES;
            if (in.readNBytes(chunk, 0, bytes) < bytes) {
                throw damaged(resource, "is shorter than its " + length + " weights");
            }
            crc.update(chunk, 0, bytes);
            floats.get(0, weights, filled, count);
            filled += count;
        }
        if (in.read() >= 0) {
            throw damaged(resource, "is longer than its " + length + " weights");
        }
        if ((int) crc.getValue() != checksum) {
            throw damaged(resource, "has a wrong checksum");
        }
        return weights;
    }

    private static IllegalStateException damaged(String resource, String how) {
        return new IllegalStateException(
                "the jar is damaged: weights " + resource + " " + how + "; build or copy it again");
    }
}
