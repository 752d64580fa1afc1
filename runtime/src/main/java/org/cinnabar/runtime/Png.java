package org.cinnabar.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes PNG images of every kind. Transparency and colour correction are ignored.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">the format</a>
 */
final class Png {
    private static final int IHDR = 0x49484452;
    private static final int PLTE = 0x504C5445;
    private static final int IDAT = 0x49444154;
    private static final int IEND = 0x49454E44;
    private static final int SIGNATURE = 8;

    /** First column, first row, and steps between columns and rows of each pass of Adam7. */
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8},
        {4, 0, 8, 8},
        {0, 4, 4, 8},
        {2, 0, 4, 4},
        {0, 2, 2, 4},
        {1, 0, 2, 2},
        {0, 1, 1, 2}
    };

    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private int width;
    private int height;
    private int depth;
    private int type;
    private boolean interlaced;
    private byte[] palette = {};
    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream();

    private Png() {}

    /** The image in {@code file}. Throws {@link IllegalArgumentException} if it is damaged. */
    static Planes decode(byte[] file) {
        Png png = new Png();
        png.readChunks(file);
        return png.planes(png.inflated());
    }

    private void readChunks(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).position(SIGNATURE);
        for (int chunk = 0; chunk != IEND; ) {
            int length = file.getInt();
            if (length < 0 || length > file.remaining() - 8) {
                throw new IllegalArgumentException("it is cut off");
            }
            CRC32 crc = new CRC32();
            crc.update(bytes, file.position(), length + 4);
            chunk = file.getInt();
            ByteBuffer content = file.slice(file.position(), length);
            file.position(file.position() + length);
            if (file.getInt() != (int) crc.getValue()) {
                throw new IllegalArgumentException("a checksum is wrong");
            }
            switch (chunk) {
                case IHDR -> readHeader(content);
                case PLTE -> {
                    palette = new byte[length];
                    content.get(palette);
                }
                case IDAT -> compressed.write(bytes, file.position() - 4 - length, length);
                default -> {}
            }
        }
    }

    private void readHeader(ByteBuffer header) {
        width = header.getInt();
        height = header.getInt();
        Planes.requireSize(width, height);
        depth = header.get();
        type = header.get();
        interlaced = header.get(12) == 1;
        boolean known =
                switch (type) {
                    case 0 -> Integer.bitCount(depth) == 1 && depth <= 16;
                    case 3 -> Integer.bitCount(depth) == 1 && depth <= 8;
                    case 2, 4, 6 -> depth == 8 || depth == 16;
                    default -> false;
                };
        if (!known) {
            throw new IllegalArgumentException(
                    "its pixels are of the unknown type " + type + " with " + depth + " bits");
        }
    }

    private int samples() {
        return switch (type) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
    }

    private int rowBytes(int columns) {
        return (int) (((long) columns * samples() * depth + 7) / 8);
    }

    private static int count(int size, int first, int step) {
        return Math.max(0, (size - first + step - 1) / step);
    }

    private int[][] passes() {
        return interlaced ? ADAM7 : ONE_PASS;
    }

    private byte[] inflated() {
        long length = 0;
        for (int[] pass : passes()) {
            int columns = count(width, pass[0], pass[2]);
            int rows = count(height, pass[1], pass[3]);
            length += columns == 0 ? 0 : (long) rows * (1 + rowBytes(columns));
        }
        byte[] pixels = new byte[Math.toIntExact(length)];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed.toByteArray());
            if (inflater.inflate(pixels) < pixels.length) {
                throw new IllegalArgumentException("it lacks pixels");
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("its pixels are damaged", e);
        } finally {
            inflater.end();
        }
        return pixels;
    }

    private Planes planes(byte[] pixels) {
        boolean colours = type == 2 || type == 3 || type == 6;
        float[][] values = new float[colours ? 3 : 1][height * width];
        int at = 0;
        for (int[] pass : passes()) {
            int columns = count(width, pass[0], pass[2]);
            int rows = columns == 0 ? 0 : count(height, pass[1], pass[3]);
            int length = rowBytes(columns);
            byte[] above = new byte[length];
            for (int row = 0; row < rows; row++) {
                byte[] line = unfiltered(pixels, at, above);
                int y = pass[1] + row * pass[3];
                for (int column = 0; column < columns; column++) {
                    store(line, column, y * width + pass[0] + column * pass[2], values);
                }
                above = line;
                at += 1 + length;
            }
        }
        return new Planes(height, width, values);
    }

    private byte[] unfiltered(byte[] pixels, int at, byte[] above) {
        int filter = pixels[at];
        byte[] line = new byte[above.length];
        int pixel = Math.max(1, samples() * depth / 8);
        for (int i = 0; i < line.length; i++) {
            int a = i < pixel ? 0 : line[i - pixel] & 0xFF;
            int b = above[i] & 0xFF;
            int c = i < pixel ? 0 : above[i - pixel] & 0xFF;
            int guess =
                    switch (filter) {
                        case 0 -> 0;
                        case 1 -> a;
                        case 2 -> b;
                        case 3 -> (a + b) / 2;
                        case 4 -> paeth(a, b, c);
                        default ->
                                throw new IllegalArgumentException(
                                        "a row has the unknown filter " + filter);
                    };
            line[i] = (byte) (pixels[at + 1 + i] + guess);
        }
        return line;
    }

    private static int paeth(int a, int b, int c) {
        int toA = Math.abs(b - c);
        int toB = Math.abs(a - c);
        int toC = Math.abs(a + b - 2 * c);
        if (toA <= toB && toA <= toC) {
            return a;
        }
        return toB <= toC ? b : c;
    }

    private void store(byte[] line, int column, int at, float[][] values) {
        if (type == 3) {
            int entry = 3 * sample(line, column);
            if (entry + 2 >= palette.length) {
                throw new IllegalArgumentException("a colour is not in its palette");
            }
            for (int c = 0; c < 3; c++) {
                values[c][at] = palette[entry + c] & 0xFF;
            }
            return;
        }
        float most = (1 << depth) - 1;
        for (int c = 0; c < values.length; c++) {
            values[c][at] = sample(line, column * samples() + c) * 255 / most;
        }
    }

    private int sample(byte[] line, int index) {
        if (depth == 16) {
            return (line[2 * index] & 0xFF) << 8 | line[2 * index + 1] & 0xFF;
        }
        int bit = index * depth;
        return line[bit / 8] >> 8 - depth - bit % 8 & (1 << depth) - 1;
    }
}
