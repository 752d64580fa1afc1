package org.cinnabar.ir.weights;

/**
 * How a weight acts on a vector: a map from {@code cols()} to {@code rows()} numbers. Structure
 * only; how the numbers of its leaves are stored is {@link Encoded}'s. Its meaning in core ops is
 * {@link LinearMaps#apply}.
 *
 * <p>Grammar: {@code map ::= matrix(encoded[m,n]) | diagonal(encoded[n]) | product(map, map, ...)}.
 */
public sealed interface LinearMap permits Matrix, Diagonal, Product {
    /** Length of the result. */
    int rows();

    /** Length of the operand. */
    int cols();
}
