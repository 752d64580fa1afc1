package org.cinnabar.passes.lower;

/** Every {@link Precision} there is. */
final class Precisions {
    /** Weights as they are. */
    static final Precision FP32 = new Fp32();

    /** Significands of 16 bits. */
    static final Precision FP24 = new Fp24();

    /** Integers of 16 bits. */
    static final Precision INT16 = new Int16();

    private Precisions() {}
}
