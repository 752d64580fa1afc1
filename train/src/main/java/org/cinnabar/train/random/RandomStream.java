package org.cinnabar.train.random;

/**
 * Random numbers by number: the n-th one of a stream depends on the stream's names and on n alone,
 * not on what was drawn before.
 */
public record RandomStream(long key) {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** The stream for {@code purpose} in {@code layer} of the run with {@code seed}. */
    public static RandomStream of(long seed, String layer, String purpose) {
        return new RandomStream(hash(hash(mixed(seed), layer), purpose));
    }

    /** The {@code number}-th of the streams within this one. */
    public RandomStream sub(long number) {
        return new RandomStream(mixed(key ^ mixed(number + GOLDEN)));
    }

    private static long hash(long state, String text) {
        long hash = mixed(state + text.length());
        for (int i = 0; i < text.length(); i++) {
            hash = mixed(hash ^ (text.charAt(i) + GOLDEN));
        }
        return hash;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mixed(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }

    /** 64 random bits. */
    public long bits(long n) {
        return mixed(key + (n + 1) * GOLDEN);
    }

    /** Uniform in [0, 1). */
    public double uniform(long n) {
        return (bits(n) >>> 11) * 0x1p-53;
    }

    /** Uniform among 0 to {@code bound} - 1. */
    public int below(int bound, long n) {
        return (int) Math.multiplyHigh(bits(n) >>> 1, 2L * bound);
    }

    /** Normal with mean 0 and variance 1, after Box and Muller. */
    public double normal(long n) {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - uniform(2 * n)));
        return radius * StrictMath.cos(2 * Math.PI * uniform(2 * n + 1));
    }

    /** The numbers 0 to {@code n} - 1 in random order. */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = below(i + 1, i);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
