package org.cinnabar.runtime;

import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An array of numbers as NumPy's {@code .npy} files hold it, with values as f32.
 *
 * <p>Reads format versions 1.0 to 3.0, little-endian {@code f4}, {@code f8} and integers of any
 * size, C order; writes version 1.0, {@code f4}.
 *
 * @param shape the dimensions; none for a scalar
 * @param values the values in row-major order
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the
 *     format</a>
 */
public record Npy(List<Integer> shape, float[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int CHUNK = 1 << 16;

    /** Rejects a shape that does not hold as many values as there are. */
    public Npy {
        shape = List.copyOf(shape);
        long count = 1;
        for (int dimension : shape) {
            count *= dimension;
        }
        if (count != values.length) {
            throw new IllegalArgumentException(
                    "shape "
                            + Port.text(shape)
                            + " holds "
                            + count
                            + " values, not "
                            + values.length);
        }
    }

    /** Whether a file begins with {@code start} as an {@code .npy} file does. */
    static boolean recognises(byte[] start) {
        return start.length >= MAGIC.length
                && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * The array in {@code file}. Throws an {@link IOException} that names the file if it is not an
     * {@code .npy} file, is cut off, or holds what this class does not read; no more memory is
     * taken than the file's own size accounts for.
     */
    public static Npy read(Path file) throws IOException {
        return read(file.toFile());
    }

    static Npy read(File file) throws IOException {
        try (RandomAccessFile in = InputFile.open(file)) {
            return read(file, in);
        } catch (EOFException _) {
            throw new IOException(file + " is cut off");
        }
    }

    private static Npy read(File file, RandomAccessFile in) throws IOException {
        ByteBuffer start = read(in, 8);
        byte[] magic = new byte[MAGIC.length];
        start.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new IOException(file + " is not an .npy file");
        }
        int version = start.get();
        if (version < 1 || version > 3) {
            throw new IOException(file + " has .npy version " + version + "; 1 to 3 are read");
        }
        long length =
                version == 1
                        ? Short.toUnsignedInt(read(in, 2).getShort())
                        : Integer.toUnsignedLong(read(in, 4).getInt());
        long left = in.length() - in.getFilePointer();
        if (length > left) {
            throw new IOException(
                    file
                            + " is cut off: its header takes "
                            + length
                            + " bytes, "
                            + left
                            + " are there");
        }
        byte[] header = read(in, (int) length).array();
        NpyHeader described =
                NpyHeader.parse(file, new String(header, StandardCharsets.UTF_8).strip());
        return new Npy(described.shape(), values(file, in, described));
    }

    private static float[] values(File file, RandomAccessFile in, NpyHeader header)
            throws IOException {
        long bytes = header.count() * header.type().bytes;
        long left = in.length() - in.getFilePointer();
        if (bytes != left) {
            throw new IOException(
                    file
                            + (left < bytes ? " is cut off: " : " is too long: ")
                            + Port.text(header.shape())
                            + " values of "
                            + header.type().bytes
                            + (header.type().bytes == 1 ? " byte" : " bytes")
                            + " take "
                            + bytes
                            + " bytes, "
                            + left
                            + " are there");
        }
        float[] values = new float[(int) header.count()];
        int perChunk = CHUNK / header.type().bytes;
        for (int from = 0; from < values.length; from += perChunk) {
            int to = Math.min(from + perChunk, values.length);
            ByteBuffer chunk = read(in, (to - from) * header.type().bytes);
            for (int i = from; i < to; i++) {
                values[i] = header.type().next(chunk);
            }
        }
        return values;
    }

    private static ByteBuffer read(RandomAccessFile in, int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes this array to {@code file}, completely or not at all. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, this::write);
    }

    private void write(OutputStream out) throws IOException {
        StringBuilder header =
                new StringBuilder("{'descr': '<f4', 'fortran_order': False, 'shape': (");
        for (int dimension : shape) {
            header.append(dimension).append(", ");
        }
        if (shape.size() > 1) {
            header.setLength(header.length() - 2);
        } else if (shape.size() == 1) {
            header.setLength(header.length() - 1);
        }
        header.append("), }");
        int fixed = MAGIC.length + 4;
        while ((fixed + header.length() + 1) % 64 != 0) {
            header.append(' ');
        }
        header.append('\n');
        ByteBuffer buffer =
                ByteBuffer.allocate(Math.max(CHUNK, fixed + header.length()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length());
        buffer.put(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(buffer.array(), 0, buffer.position());
        for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
            int count = Math.min(CHUNK / Float.BYTES, values.length - from);
            buffer.clear().asFloatBuffer().put(values, from, count);
            out.write(buffer.array(), 0, count * Float.BYTES);
        }
    }
}
