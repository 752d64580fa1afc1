package org.cinnabar.passes.lower;

/**
 * What a lowering does for one layer, in quantities that a {@link Machine} turns into time.
 *
 * @param multiplyAdds of single numbers in register tiles, with those that only fill up tiles
 * @param instructions of whole vectors of 16 numbers elsewhere: arithmetic, loads and stores
 * @param weightBytes packed weights, once
 * @param againBytes of packed weights that are read again
 * @param cacheBytes other memory that goes through caches that do not keep up with the register
 *     tiles
 * @param calls of register tiles
 * @param decodings vectors of weights that register tiles decode as they read them
 */
public record Work(
        double multiplyAdds,
        double instructions,
        double weightBytes,
        double againBytes,
        double cacheBytes,
        double calls,
        double decodings) {
    /** Of a lowering that does not tell; takes for ever. */
    public static final Work UNKNOWN = new Work(Double.POSITIVE_INFINITY, 0, 0, 0, 0, 0);

    /** Work of weights that tiles use as they are. */
    public Work(
            double multiplyAdds,
            double instructions,
            double weightBytes,
            double againBytes,
            double cacheBytes,
            double calls) {
        this(multiplyAdds, instructions, weightBytes, againBytes, cacheBytes, calls, 0);
    }

    /** A vector of 16 numbers. */
    public static final int VECTOR_BYTES = 64;

    public Work {
        if (multiplyAdds < 0
                || instructions < 0
                || weightBytes < 0
                || againBytes < 0
                || cacheBytes < 0
                || calls < 0
                || decodings < 0) {
            throw new IllegalArgumentException(
                    "negative work: %s multiply-adds, %s instructions, %s, %s and %s bytes, %s calls, %s decodings"
                            .formatted(
                                    multiplyAdds,
                                    instructions,
                                    weightBytes,
                                    againBytes,
                                    cacheBytes,
                                    calls,
                                    decodings));
        }
    }

    /** Only {@code instructions} of whole vectors. */
    static Work ofVectors(double instructions) {
        return new Work(0, instructions, 0, 0, 0, 0);
    }

    /** Only {@code decodings} of vectors. */
    static Work ofDecodings(double decodings) {
        return new Work(0, 0, 0, 0, 0, 0, decodings);
    }

    /** The work of both. */
    public Work plus(Work other) {
        return new Work(
                multiplyAdds + other.multiplyAdds,
                instructions + other.instructions,
                weightBytes + other.weightBytes,
                againBytes + other.againBytes,
                cacheBytes + other.cacheBytes,
                calls + other.calls,
                decodings + other.decodings);
    }
}
