package org.cinnabar.ir.weights;

import java.util.List;

/** {@code y = factors[0]·(factors[1]·(...·x))}; a low-rank matrix is a product of two thin ones. */
public record Product(List<LinearMap> factors) implements LinearMap {
    public Product {
        factors = List.copyOf(factors);
        if (factors.isEmpty()) {
            throw new IllegalArgumentException("a product of nothing has no size");
        }
        for (int i = 1; i < factors.size(); i++) {
            if (factors.get(i - 1).cols() != factors.get(i).rows()) {
                throw new IllegalArgumentException(
                        "factor "
                                + (i - 1)
                                + " has "
                                + factors.get(i - 1).cols()
                                + " columns, factor "
                                + i
                                + " has "
                                + factors.get(i).rows()
                                + " rows");
            }
        }
    }

    @Override
    public int rows() {
        return factors.getFirst().rows();
    }

    @Override
    public int cols() {
        return factors.getLast().cols();
    }
}
