package org.cinnabar.ir.weights;

/** {@code y_i = entries[i]·x_i}. */
public record Diagonal(Encoded entries) implements LinearMap {
    public Diagonal {
        if (entries.shape().rank() != 1) {
            throw new IllegalArgumentException(
                    "a diagonal needs a vector, got shape " + entries.shape());
        }
    }

    @Override
    public int rows() {
        return entries.shape().extent(0);
    }

    @Override
    public int cols() {
        return rows();
    }
}
