package org.cinnabar.passes.lower;

/**
 * What one core can do per second.
 *
 * @param multiplyAdds of single numbers in register tiles
 * @param instructions of vectors elsewhere
 * @param cacheBytes bytes from the last cache
 * @param memoryBytes bytes from memory
 * @param decodings vectors of weights decoded in register tiles, beside the multiply-adds
 * @param callSeconds beginning and ending a register tile
 * @param nearCache size in bytes of the cache that keeps up with register tiles
 * @param lastCache size in bytes of the last cache
 */
public record Machine(
        double multiplyAdds,
        double instructions,
        double cacheBytes,
        double memoryBytes,
        double decodings,
        double callSeconds,
        double nearCache,
        double lastCache) {
    /**
     * A present-day server core with 512-bit vectors; what is compiled for no machine in
     * particular.
     */
    public static final Machine DEFAULT =
            new Machine(115e9, 2.8e9, 200e9, 35e9, 2e9, 25e-9, 1 << 20, 32 << 20);

    public Machine {
        for (double rate :
                new double[] {
                    multiplyAdds,
                    instructions,
                    cacheBytes,
                    memoryBytes,
                    decodings,
                    nearCache,
                    lastCache
                }) {
            if (!(rate > 0)) {
                throw new IllegalArgumentException("a machine with rate " + rate);
            }
        }
        if (!(callSeconds >= 0)) {
            throw new IllegalArgumentException("calls of " + callSeconds + " s");
        }
    }

    /**
     * Predicted seconds of {@code work} in a network whose weights have {@code networkBytes} in
     * all. What does not fit into a cache is read from further away; in a larger network, all
     * weights come from memory each time.
     */
    public double seconds(Work work, double networkBytes) {
        double weights = work.weightBytes();
        return work.multiplyAdds() / multiplyAdds
                + work.instructions() / instructions
                + work.decodings() / decodings
                + (networkBytes > Math.max(weights, lastCache / 2)
                        ? weights / memoryBytes
                        : read(weights, Math.max(networkBytes, weights)))
                + read(work.againBytes(), weights)
                + work.cacheBytes() / cacheBytes
                + work.calls() * callSeconds;
    }

    /** Seconds to read {@code bytes}, some of {@code all} that are read before they come again. */
    private double read(double bytes, double all) {
        double far = missing(all, lastCache);
        return bytes * ((missing(all, nearCache) - far) / cacheBytes + far / memoryBytes);
    }

    /**
     * The part of {@code all} bytes that a cache of {@code cache} bytes does not hold: other things
     * take half of it.
     */
    public static double missing(double all, double cache) {
        return all == 0 ? 0 : Math.max(0, 1 - cache / 2 / all);
    }
}
