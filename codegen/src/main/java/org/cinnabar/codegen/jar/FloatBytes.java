package org.cinnabar.codegen.jar;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Floats as little-endian bytes, with their checksums.
 *
 * @param size number of bytes
 * @param crc32 the checksum that zip files use
 * @param crc32c the checksum that a model compares its weights with
 */
record FloatBytes(List<float[]> pieces, long size, long crc32, int crc32c) {
    private static final int CHUNK = 1 << 18;

    static FloatBytes of(List<float[]> pieces) {
        CheckedOutputStream inner =
                new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        CheckedOutputStream outer = new CheckedOutputStream(inner, new CRC32C());
        long size = 0;
        for (float[] piece : pieces) {
            size += (long) piece.length * Float.BYTES;
        }
        try {
            write(pieces, outer);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new FloatBytes(
                pieces, size, inner.getChecksum().getValue(), (int) outer.getChecksum().getValue());
    }

    void write(OutputStream out) throws IOException {
        write(pieces, out);
    }

    private static void write(List<float[]> pieces, OutputStream out) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] piece : pieces) {
            for (int from = 0; from < piece.length; from += CHUNK) {
                int count = Math.min(CHUNK, piece.length - from);
                chunk.asFloatBuffer().put(piece, from, count);
                out.write(chunk.array(), 0, count * Float.BYTES);
            }
        }
    }
}
