package org.cinnabar.train;

import org.cinnabar.train.random.RandomStream;

/**
 * Zeroes a share of what layers read while they are trained, and scales up the rest (Srivastava et
 * al., 2014).
 *
 * @param prefix of the names of the layers
 * @param share of the numbers, in [0, 1)
 */
public record Dropout(String prefix, double share) {
    public Dropout {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("dropout " + share + ": expected [0, 1)");
        }
    }

    /** {@code count} factors, 0 or {@code 1/(1 - share)}, that depend on {@code random} alone. */
    static float[] mask(int count, double share, RandomStream random) {
        float[] mask = new float[count];
        float kept = (float) (1 / (1 - share));
        for (int i = 0; i < count; i++) {
            mask[i] = random.uniform(i) < share ? 0 : kept;
        }
        return mask;
    }
}
