package org.cinnabar.passes.lower;

/**
 * What one core can do per second.
 *
 * @param multiplyAdds of single numbers in register tiles
 * @param instructions of vectors elsewhere
 * @param cacheBytes bytes from the last cache
 * @param memoryBytes bytes from memory
 * @param callSeconds beginning and ending a register tile
 * @param lastCache size in bytes of the last cache
 */
public record Machine(
        double multiplyAdds,
        double instructions,
        double cacheBytes,
        double memoryBytes,
        double callSeconds,
        double lastCache) {
    /**
     * A present-day server core with 512-bit vectors; what is compiled for no machine in
     * particular.
     */
    public static final Machine DEFAULT = new Machine(127e9, 3.2e9, 100e9, 40e9, 30e-9, 32 << 20);

    public Machine {
        for (double rate :
                new double[] {multiplyAdds, instructions, cacheBytes, memoryBytes, lastCache}) {
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
     * all: when they exceed the last cache, the layer's come from memory each time.
     */
    public double seconds(Work work, double networkBytes) {
        double all = Math.max(networkBytes, work.weightBytes());
        double weights = all > lastCache / 2 ? memoryBytes : cacheBytes;
        return work.multiplyAdds() / multiplyAdds
                + work.instructions() / instructions
                + work.weightBytes() / weights
                + work.cacheBytes() / cacheBytes
                + work.calls() * callSeconds;
    }
}
