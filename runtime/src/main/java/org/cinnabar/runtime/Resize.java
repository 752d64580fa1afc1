package org.cinnabar.runtime;

/**
 * Bilinear resizing of a plane: the triangle filter over pixel centres, widened by the scale when
 * shrinking so that no pixel is skipped.
 */
final class Resize {
    private Resize() {}

    static float[] plane(float[] in, int height, int width, int newHeight, int newWidth) {
        float[] wide = newWidth == width ? in : rows(in, height, width, newWidth);
        if (newHeight == height) {
            return wide;
        }
        return transpose(
                rows(transpose(wide, height, newWidth), newWidth, height, newHeight),
                newWidth,
                newHeight);
    }

    /** Resizes each of {@code count} rows from {@code length} to {@code newLength} values. */
    private static float[] rows(float[] in, int count, int length, int newLength) {
        double scale = (double) length / newLength;
        double support = Math.max(1, scale);
        float[] out = new float[count * newLength];
        double[] taps = new double[(int) Math.ceil(support) * 2 + 2];
        for (int x = 0; x < newLength; x++) {
            double centre = (x + 0.5) * scale;
            int from = Math.max(0, (int) (centre - support + 0.5));
            int to = Math.min(length, (int) (centre + support + 0.5));
            double sum = 0;
            for (int i = from; i < to; i++) {
                double tap = Math.max(0, 1 - Math.abs(i + 0.5 - centre) / support);
                taps[i - from] = tap;
                sum += tap;
            }
            for (int row = 0; row < count; row++) {
                double value = 0;
                for (int i = from; i < to; i++) {
                    value += taps[i - from] * in[row * length + i];
                }
                out[row * newLength + x] = (float) (value / sum);
            }
        }
        return out;
    }

    private static float[] transpose(float[] in, int rows, int columns) {
        float[] out = new float[in.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                out[column * rows + row] = in[row * columns + column];
            }
        }
        return out;
    }
}
