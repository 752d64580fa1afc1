package org.cinnabar.passes.lower;

import org.cinnabar.ir.loop.Index;

/**
 * What a convolution or matrix product sums over, as three loops: {@code n1} × {@code n2} stretches
 * of {@code k} numbers, {@code s1} and {@code s2} apart.
 */
record Taps(int n1, int s1, int n2, int s2, int k) {
    /** Numbers in one sum. */
    int sum() {
        return stretches() * k;
    }

    int stretches() {
        return n1 * n2;
    }

    /**
     * The same sum in as few stretches as have up to {@code longest} numbers each, if it is a
     * single one that they divide evenly.
     */
    Taps divided(int longest) {
        int parts = Math.ceilDiv(k, longest);
        return isSingle() && k % parts == 0 ? new Taps(1, 0, parts, k / parts, k / parts) : this;
    }

    /** One of the stretches. */
    Taps stretch() {
        return new Taps(1, 0, 1, 0, k);
    }

    /** From the first stretch to the one of index {@code at}. */
    Index distance(Index at) {
        return at.dividedBy(n2).times(s1).plus(at.modulo(n2).times(s2));
    }

    /** Whether there is one stretch only. */
    boolean isSingle() {
        return stretches() == 1;
    }
}
