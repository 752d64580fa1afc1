package org.cinnabar.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * Decodes JPEG images, sequential and progressive, with 8 bits in Huffman codes, grey or in three
 * colours.
 *
 * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81</a>
 */
final class Jpeg {
    private final byte[] file;
    private final int[][] quantizers = new int[4][];
    private final JpegCode[] direct = new JpegCode[4];
    private final JpegCode[] alternating = new JpegCode[4];
    private final List<Component> components = new ArrayList<>();
    private int at = 2;
    private int width;
    private int height;
    private int restart;
    private boolean progressive;
    private int transform = -1;

    /** One colour: its place in the image, and its coefficients in blocks of 64. */
    static final class Component {
        final int id;
        final int across;
        final int down;
        final int quantizer;
        int columns;
        int rows;
        int stride;
        short[] coefficients = {};
        int predicted;

        Component(int id, int across, int down, int quantizer) {
            this.id = id;
            this.across = across;
            this.down = down;
            this.quantizer = quantizer;
        }
    }

    private Jpeg(byte[] file) {
        this.file = file;
    }

    /** The image in {@code file}. Throws {@link IllegalArgumentException} if it is damaged. */
    static Planes decode(byte[] file) {
        Jpeg jpeg = new Jpeg(file);
        jpeg.readSegments();
        return jpeg.planes();
    }

    private int u8() {
        return file[at++] & 0xFF;
    }

    private int u16() {
        return u8() << 8 | u8();
    }

    private void readSegments() {
        boolean scanned = false;
        while (true) {
            int marker = marker(scanned);
            if (marker == 0xD9) {
                return;
            }
            int end = at + u16();
            switch (marker) {
                case 0xC0, 0xC1, 0xC2 -> readFrame(marker == 0xC2);
                case 0xC4 -> readCodes(end);
                case 0xDB -> readQuantizers(end);
                case 0xDD -> restart = u16();
                case 0xEE -> transform = end - at >= 12 ? file[at + 11] : transform;
                case 0xDA -> {
                    readScan();
                    scanned = true;
                    continue;
                }
                case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF ->
                        throw new IllegalArgumentException(
                                "it is a JPEG image of the rare kind %X".formatted(marker));
                default -> {}
            }
            at = end;
        }
    }

    /** The next marker; the end of the image where the file ends after a scan. */
    private int marker(boolean scanned) {
        while (at + 1 < file.length) {
            if (u8() == 0xFF && file[at] != 0 && file[at] != (byte) 0xFF) {
                return u8();
            }
        }
        if (scanned) {
            return 0xD9;
        }
        throw new IllegalArgumentException("it is cut off");
    }

    private void readFrame(boolean isProgressive) {
        progressive = isProgressive;
        int bits = u8();
        height = u16();
        width = u16();
        int count = u8();
        if (bits != 8 || count != 1 && count != 3 || !components.isEmpty()) {
            throw new IllegalArgumentException(
                    "JPEG images are read with 8 bits and 1 or 3 colours; it has %d and %d"
                            .formatted(bits, count));
        }
        Planes.requireSize(width, height);
        for (int i = 0; i < count; i++) {
            int id = u8();
            int sampling = u8();
            Component component = new Component(id, sampling >> 4, sampling & 15, u8() & 3);
            if (component.across < 1
                    || component.down < 1
                    || component.across > 4
                    || component.down > 4) {
                throw new IllegalArgumentException("a colour is sampled " + sampling);
            }
            components.add(component);
        }
        for (Component component : components) {
            component.columns = blocks(width * component.across, across());
            component.rows = blocks(height * component.down, down());
            component.stride = blocks(width, across()) * component.across;
            int all = component.stride * blocks(height, down()) * component.down;
            component.coefficients = new short[Math.multiplyExact(all, 64)];
        }
    }

    /** The most samples of any colour in a unit, from left to right. */
    private int across() {
        int most = 1;
        for (Component component : components) {
            most = Math.max(most, component.across);
        }
        return most;
    }

    private int down() {
        int most = 1;
        for (Component component : components) {
            most = Math.max(most, component.down);
        }
        return most;
    }

    private static int blocks(int samples, int sampling) {
        return Math.ceilDiv(samples, 8 * sampling);
    }

    private void readQuantizers(int end) {
        while (at < end) {
            int head = u8();
            int[] table = new int[64];
            for (int i = 0; i < 64; i++) {
                table[JpegScan.ZIGZAG[i]] = head >> 4 == 0 ? u8() : u16();
            }
            quantizers[head & 3] = table;
        }
    }

    private void readCodes(int end) {
        while (at < end) {
            int head = u8();
            int[] counts = new int[16];
            int sum = 0;
            for (int i = 0; i < 16; i++) {
                counts[i] = u8();
                sum += counts[i];
            }
            byte[] symbols = new byte[sum];
            for (int i = 0; i < sum; i++) {
                symbols[i] = (byte) u8();
            }
            (head >> 4 == 0 ? direct : alternating)[head & 3] = new JpegCode(counts, symbols);
        }
    }

    private void readScan() {
        int count = u8();
        List<JpegScan.Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = u8();
            int tables = u8();
            Component component = component(id);
            parts.add(
                    new JpegScan.Part(component, direct[tables >> 4 & 3], alternating[tables & 3]));
        }
        int first = u8();
        int last = u8();
        int approximation = u8();
        if (first > last || last > 63) {
            throw new IllegalArgumentException(
                    "a scan has coefficients %d to %d".formatted(first, last));
        }
        JpegScan scan =
                new JpegScan(
                        new JpegBits(file, at),
                        progressive,
                        first,
                        last,
                        approximation >> 4,
                        approximation & 15);
        at = scan.run(parts, blocks(width, across()), blocks(height, down()), restart);
    }

    private Component component(int id) {
        for (Component component : components) {
            if (component.id == id) {
                return component;
            }
        }
        throw new IllegalArgumentException("it has no colour " + id);
    }

    private Planes planes() {
        if (components.isEmpty()) {
            throw new IllegalArgumentException("it holds no image");
        }
        float[][] values = new float[components.size()][];
        for (int i = 0; i < values.length; i++) {
            values[i] = samples(components.get(i));
        }
        boolean isRgb = transform == 0 || transform < 0 && components.getFirst().id == 'R';
        if (values.length == 3 && !isRgb) {
            toRgb(values);
        }
        return new Planes(height, width, values);
    }

    /** The samples of a colour, interpolated where there are fewer than pixels. */
    private float[] samples(Component component) {
        int[] quantizer = quantizers[component.quantizer];
        if (quantizer == null) {
            throw new IllegalArgumentException("it lacks a table of quantizers");
        }
        int ownWidth = Math.ceilDiv(width * component.across, across());
        int ownHeight = Math.ceilDiv(height * component.down, down());
        float[] own = new float[ownWidth * ownHeight];
        float[] block = new float[64];
        for (int row = 0; row < component.rows; row++) {
            for (int column = 0; column < component.columns; column++) {
                int from = (row * component.stride + column) * 64;
                JpegScan.invert(component.coefficients, from, quantizer, block);
                for (int y = row * 8; y < Math.min(ownHeight, row * 8 + 8); y++) {
                    for (int x = column * 8; x < Math.min(ownWidth, column * 8 + 8); x++) {
                        own[y * ownWidth + x] = pixel(block[y % 8 * 8 + x % 8] + 128);
                    }
                }
            }
        }
        return enlarged(own, ownHeight, ownWidth, component);
    }

    private float[] enlarged(float[] own, int ownHeight, int ownWidth, Component component) {
        if (ownHeight == height && ownWidth == width) {
            return own;
        }
        int wide = ownWidth * across() / component.across;
        int high = ownHeight * down() / component.down;
        float[] all = Resize.plane(own, ownHeight, ownWidth, high, wide);
        float[] cropped = new float[height * width];
        for (int y = 0; y < height; y++) {
            System.arraycopy(all, y * wide, cropped, y * width, width);
        }
        return cropped;
    }

    private static void toRgb(float[][] values) {
        for (int i = 0; i < values[0].length; i++) {
            float y = values[0][i];
            float blue = values[1][i] - 128;
            float red = values[2][i] - 128;
            values[0][i] = pixel(y + 1.402f * red);
            values[1][i] = pixel(y - 0.344136f * blue - 0.714136f * red);
            values[2][i] = pixel(y + 1.772f * blue);
        }
    }

    private static float pixel(float value) {
        return Math.clamp(Math.round(value), 0, 255);
    }
}
