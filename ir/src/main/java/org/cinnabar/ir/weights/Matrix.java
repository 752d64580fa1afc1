package org.cinnabar.ir.weights;

/** The dense map {@code y_i = Σ_j entries[i,j]·x_j}. */
public record Matrix(Encoded entries) implements LinearMap {
    public Matrix {
        if (entries.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    "a matrix needs entries of rank 2, got " + entries.shape());
        }
    }

    @Override
    public int rows() {
        return entries.shape().extent(0);
    }

    @Override
    public int cols() {
        return entries.shape().extent(1);
    }
}
