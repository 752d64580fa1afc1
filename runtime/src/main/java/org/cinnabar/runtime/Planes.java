package org.cinnabar.runtime;

/** One plane for grey, or three for red, green and blue; values from 0 to 255, row by row. */
record Planes(int height, int width, float[][] values) {
    private static final int MOST_PIXELS = 100_000_000;

    /** Rejects sizes that no image has, and those that would take more memory than sensible. */
    static void requireSize(long width, long height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("it is " + width + " x " + height + " pixels large");
        }
        if (width > MOST_PIXELS || height > MOST_PIXELS / width) {
            throw new IllegalArgumentException(
                    "it has "
                            + width
                            + " x "
                            + height
                            + " pixels; at most "
                            + MOST_PIXELS
                            + " are read");
        }
    }

    Planes grey() {
        if (values.length == 1) {
            return this;
        }
        float[] grey = new float[height * width];
        for (int i = 0; i < grey.length; i++) {
            grey[i] = 0.299f * values[0][i] + 0.587f * values[1][i] + 0.114f * values[2][i];
        }
        return new Planes(height, width, new float[][] {grey});
    }

    Planes colours() {
        return values.length == 3
                ? this
                : new Planes(height, width, new float[][] {values[0], values[0], values[0]});
    }
}
