package org.cinnabar.ir.weights;

import org.cinnabar.ir.Shape;

/**
 * How the numbers of a {@link LinearMap} are stored. Grammar: {@code encoded ::= f32[shape]
 * values}.
 */
public sealed interface Encoded permits F32 {
    /** Shape of the decoded numbers. */
    Shape shape();

    /** The numbers, row-major; possibly the storage itself, so not to be changed. */
    float[] decode();
}
