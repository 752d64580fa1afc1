package org.cinnabar.train.data;

import org.cinnabar.train.random.RandomStream;

/**
 * Random changes to images: shifted by up to {@code shift} pixels with zeros moving in (as padding
 * and cropping does), mirrored with even odds, and a square of {@code cutout} pixels set to zero.
 */
public record Augmentation(int shift, boolean flip, int cutout) {
    /** Nothing changes. */
    public static final Augmentation NONE = new Augmentation(0, false, 0);

    public Augmentation {
        if (shift < 0 || cutout < 0) {
            throw new IllegalArgumentException("shift " + shift + ", cutout " + cutout);
        }
    }

    boolean isNone() {
        return shift == 0 && !flip && cutout == 0;
    }

    /** Writes the image {@code from}, changed as {@code random} has it, to {@code to}. */
    void apply(
            float[] from,
            float[] to,
            int offset,
            int channels,
            int height,
            int width,
            RandomStream random) {
        int dy = shift == 0 ? 0 : random.below(2 * shift + 1, 0) - shift;
        int dx = shift == 0 ? 0 : random.below(2 * shift + 1, 1) - shift;
        boolean mirrored = flip && random.below(2, 2) == 1;
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                int row = offset + (c * height + y) * width;
                int sy = y + dy;
                for (int x = 0; x < width; x++) {
                    int sx = (mirrored ? width - 1 - x : x) + dx;
                    boolean inside = sy >= 0 && sy < height && sx >= 0 && sx < width;
                    to[row + x] = inside ? from[(c * height + sy) * width + sx] : 0;
                }
            }
        }
        if (cutout > 0) {
            cut(to, offset, channels, height, width, random);
        }
    }

    private void cut(
            float[] image, int offset, int channels, int height, int width, RandomStream random) {
        int top = random.below(height, 3) - cutout / 2;
        int left = random.below(width, 4) - cutout / 2;
        for (int c = 0; c < channels; c++) {
            for (int y = Math.max(0, top); y < Math.min(height, top + cutout); y++) {
                for (int x = Math.max(0, left); x < Math.min(width, left + cutout); x++) {
                    image[offset + (c * height + y) * width + x] = 0;
                }
            }
        }
    }
}
