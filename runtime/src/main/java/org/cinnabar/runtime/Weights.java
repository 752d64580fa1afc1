package org.cinnabar.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.zip.CRC32C;

/** Reads a model's weights: a resource of f32 values, little-endian, without a header. */
public final class Weights {
    private static final int CHUNK = 1 << 20;

    private Weights() {}

    /**
     * The {@code length} weights in {@code resource}, resolved as {@link Class#getResourceAsStream}
     * does from {@code anchor}. Throws {@link IllegalStateException} if the resource is missing, of
     * another length, or its bytes' CRC-32C is not {@code checksum}.
     */
    public static float[] load(Class<?> anchor, String resource, int length, int checksum) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw damaged(resource, "is missing");
            }
            return read(in, resource, length, checksum);
        } catch (IOException e) {
            throw new UncheckedIOException("weights " + resource + ": " + e.getMessage(), e);
        }
    }

    static float[] read(InputStream in, String resource, int length, int checksum)
            throws IOException {
        float[] weights = new float[length];
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
