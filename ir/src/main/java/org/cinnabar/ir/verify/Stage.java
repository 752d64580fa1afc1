package org.cinnabar.ir.verify;

/** How far a graph has come; each stage keeps the invariants of those before. */
public enum Stage {
    /**
     * As read from the user's model, and while passes are at work:
     *
     * <ul>
     *   <li>The type of every node is what its op infers for its operands.
     *   <li>Every input that a node uses is listed in the graph.
     *   <li>Every symbol in a type stands in the shape of an input, so that the caller's data gives
     *       its value.
     *   <li>A weight is the second operand of convolutions and linear maps, and nothing else.
     * </ul>
     */
    IMPORTED,
    /**
     * After simplification:
     *
     * <ul>
     *   <li>There is no batch normalization.
     *   <li>The second operand of convolutions and linear maps is a weight or computed.
     *   <li>No op works on constants alone, unless it makes more values than it was given.
     *   <li>No op gives back its operand: no reshape, expand, cast or pad that keeps the type, no
     *       concat of one, identical transpose, whole slice, or clip without bounds.
     * </ul>
     */
    CANONICAL
}
