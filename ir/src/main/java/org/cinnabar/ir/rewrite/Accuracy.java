package org.cinnabar.ir.rewrite;

/**
 * How far a rewrite may move results: by {@code epsilon} relative to the largest magnitude
 * involved, 0 meaning that every bit stays but the sign of a zero.
 */
public record Accuracy(double epsilon) {
    public static final Accuracy EXACT = new Accuracy(0);

    public Accuracy {
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("accuracy needs epsilon >= 0, got " + epsilon);
        }
    }

    /** Sums and products are rounded at other places; results agree within {@code epsilon}. */
    public static Accuracy rounding(double epsilon) {
        return new Accuracy(epsilon);
    }

    public boolean isExact() {
        return epsilon == 0;
    }

    /** The weaker of the two promises. */
    public Accuracy or(Accuracy other) {
        return epsilon >= other.epsilon ? this : other;
    }

    @Override
    public String toString() {
        return isExact() ? "exact" : "rounding(" + epsilon + ")";
    }
}
