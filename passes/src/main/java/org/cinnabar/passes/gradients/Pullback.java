package org.cinnabar.passes.gradients;

import java.util.List;
import java.util.function.Function;
import org.cinnabar.ir.Node;

/**
 * How the gradient of a value reaches others, given instead of derived: {@code pull} makes of the
 * value's gradient one for each node of {@code to}, of that node's shape.
 */
public record Pullback(List<Node> to, Function<Node, List<Node>> pull) {
    public Pullback {
        to = List.copyOf(to);
    }

    /** Differentiates the value as if it were {@code surrogate}, a value of the same shape. */
    public static Pullback as(Node surrogate) {
        return new Pullback(List.of(surrogate), List::of);
    }
}
