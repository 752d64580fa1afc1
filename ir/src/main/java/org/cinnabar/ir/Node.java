package org.cinnabar.ir;

import java.util.List;

/**
 * One value of a graph: an op applied to operands. Nodes have identity (two equal-looking nodes are
 * different values); attributes, which live in the {@link Op}, have value equality. Made by {@link
 * GraphBuilder}, which infers the type.
 */
public record Node(Op op, List<Node> in, TensorType type, Origin origin) {
    public Node {
        in = List.copyOf(in);
    }

    /** Operand {@code index}. */
    public Node in(int index) {
        return in.get(index);
    }

    public Shape shape() {
        return type.shape();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return op + " : " + type + (origin.equals(Origin.NONE) ? "" : " ; " + origin);
    }
}
