package org.cinnabar.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One scan of a JPEG image: some coefficients of some colours, or some of their bits. */
final class JpegScan {
    /** Places of coefficients in a block, in the order in which they are stored. */
    static final int[] ZIGZAG = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27,
        20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
    };

    private static final float[] COSINES = cosines();

    /** A colour in the scan with its codes. */
    record Part(
            Jpeg.Component component, @Nullable JpegCode direct, @Nullable JpegCode alternating) {}

    private final JpegBits bits;
    private final boolean progressive;
    private final int first;
    private final int last;
    private final boolean refining;
    private final int shift;
    private int blocksWithoutMore;

    /**
     * The coefficients {@code first} to {@code last}; of a progressive image their bits from {@code
     * low} on, or that one alone if {@code high} is not 0.
     */
    JpegScan(JpegBits bits, boolean progressive, int first, int last, int high, int low) {
        this.bits = bits;
        this.progressive = progressive;
        this.first = first;
        this.last = last;
        this.refining = high != 0;
        this.shift = low;
    }

    /** Reads {@code parts} and returns the place in the file where the scan ends. */
    int run(List<Part> parts, int unitsAcross, int unitsDown, int restart) {
        parts.forEach(part -> part.component().predicted = 0);
        boolean alone = parts.size() == 1;
        Jpeg.Component only = parts.getFirst().component();
        int across = alone ? only.columns : unitsAcross;
        int units = across * (alone ? only.rows : unitsDown);
        for (int unit = 0; unit < units; unit++) {
            if (restart > 0 && unit > 0 && unit % restart == 0) {
                bits.restart();
                blocksWithoutMore = 0;
                parts.forEach(part -> part.component().predicted = 0);
            }
            int row = unit / across;
            int column = unit % across;
            if (alone) {
                readBlock(parts.getFirst(), row, column);
                continue;
            }
            for (Part part : parts) {
                int wide = part.component().across;
                int high = part.component().down;
                for (int i = 0; i < wide * high; i++) {
                    readBlock(part, row * high + i / wide, column * wide + i % wide);
                }
            }
        }
        return bits.position();
    }

    private void readBlock(Part part, int row, int column) {
        Jpeg.Component component = part.component();
        int block = (row * component.stride + column) * 64;
        short[] coefficients = component.coefficients;
        if (!progressive) {
            readDirect(part, coefficients, block);
            readAlternating(part, coefficients, block, 1);
        } else if (first == 0) {
            readDirect(part, coefficients, block);
        } else if (refining) {
            refine(required(part.alternating()), coefficients, block);
        } else if (blocksWithoutMore > 0) {
            blocksWithoutMore--;
        } else {
            readAlternating(part, coefficients, block, first);
        }
    }

    private void readDirect(Part part, short[] coefficients, int block) {
        if (refining) {
            coefficients[block] |= (short) (bits.take(1) << shift);
            return;
        }
        int length = bits.symbol(required(part.direct()));
        part.component().predicted += bits.signed(length & 15);
        coefficients[block] = (short) (part.component().predicted << shift);
    }

    private void readAlternating(Part part, short[] coefficients, int block, int from) {
        JpegCode code = required(part.alternating());
        int k = from;
        while (k <= last) {
            int symbol = bits.symbol(code);
            int zeros = symbol >> 4;
            int length = symbol & 15;
            if (length == 0 && zeros < 15) {
                blocksWithoutMore = progressive ? (1 << zeros) - 1 + bits.take(zeros) : 0;
                return;
            }
            k += zeros;
            if (length > 0 && k <= last) {
                coefficients[block + ZIGZAG[k]] = (short) (bits.signed(length) << shift);
            }
            k++;
        }
    }

    /** One more bit of what is not zero yet, and new coefficients of one bit. */
    private void refine(JpegCode code, short[] coefficients, int block) {
        int k = first;
        while (k <= last && blocksWithoutMore == 0) {
            int symbol = bits.symbol(code);
            int zeros = symbol >> 4;
            int value = 0;
            if ((symbol & 15) != 0) {
                value = bits.take(1) == 1 ? 1 << shift : -1 << shift;
            } else if (zeros < 15) {
                blocksWithoutMore = (1 << zeros) + bits.take(zeros);
                break;
            }
            k = skip(zeros, k, coefficients, block);
            if (value != 0 && k <= last) {
                coefficients[block + ZIGZAG[k]] = (short) value;
            }
            k++;
        }
        if (blocksWithoutMore > 0) {
            skip(64, k, coefficients, block);
            blocksWithoutMore--;
        }
    }

    /** Passes over {@code zeros} zeros from {@code k} on to the next, refining what is between. */
    private int skip(int zeros, int k, short[] coefficients, int block) {
        int left = zeros;
        int next = k;
        while (next <= last) {
            int at = block + ZIGZAG[next];
            int value = coefficients[at];
            if (value == 0 && left-- == 0) {
                break;
            }
            if (value != 0 && bits.take(1) == 1 && (Math.abs(value) >> shift & 1) == 0) {
                coefficients[at] += (short) (value > 0 ? 1 << shift : -1 << shift);
            }
            next++;
        }
        return next;
    }

    private static JpegCode required(@Nullable JpegCode code) {
        if (code == null) {
            throw new IllegalArgumentException("it lacks a table of codes");
        }
        return code;
    }

    /** The samples of a block: its coefficients times their quantizers, transformed back. */
    static void invert(short[] coefficients, int from, int[] quantizer, float[] samples) {
        float[] rows = new float[64];
        for (int v = 0; v < 8; v++) {
            for (int u = 0; u < 8; u++) {
                float coefficient = coefficients[from + v * 8 + u] * quantizer[v * 8 + u];
                if (coefficient != 0) {
                    for (int x = 0; x < 8; x++) {
                        rows[v * 8 + x] += coefficient * COSINES[u * 8 + x];
                    }
                }
            }
        }
        java.util.Arrays.fill(samples, 0);
        for (int v = 0; v < 8; v++) {
            for (int y = 0; y < 8; y++) {
                float cosine = COSINES[v * 8 + y];
                for (int x = 0; x < 8; x++) {
                    samples[y * 8 + x] += cosine * rows[v * 8 + x];
                }
            }
        }
    }

    /** {@code cos((2x + 1)uπ/16) / 2}, the first row over the root of 2. */
    private static float[] cosines() {
        float[] cosines = new float[64];
        for (int u = 0; u < 8; u++) {
            for (int x = 0; x < 8; x++) {
                double scale = u == 0 ? Math.sqrt(0.125) : 0.5;
                cosines[u * 8 + x] = (float) (scale * Math.cos((2 * x + 1) * u * Math.PI / 16));
            }
        }
        return cosines;
    }
}
