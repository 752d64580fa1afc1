package org.cinnabar.ir;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.LinearMap;

/**
 * Makes nodes: infers their types and hands out the node that already stands for the same op on the
 * same operands. One builder serves one graph; nodes of another graph may be operands.
 */
public final class GraphBuilder {
    private record Key(Op op, List<Node> in) {}

    private final Map<Key, Node> made = new HashMap<>();
    private Origin origin = Origin.NONE;

    /** Sets the origin of the nodes made from here on. */
    public GraphBuilder at(Origin origin) {
        this.origin = origin;
        return this;
    }

    /** {@code op} applied to {@code in}. */
    public Node node(Op op, Node... in) {
        return node(op, List.of(in));
    }

    /**
     * {@code op} applied to {@code in}.
     *
     * @throws IllegalArgumentException if the operands do not fit the op
     */
    public Node node(Op op, List<Node> in) {
        return made.computeIfAbsent(
                new Key(op, List.copyOf(in)),
                _ -> new Node(op, in, op.infer(in.stream().map(Node::type).toList()), origin));
    }

    public Node input(String name, TensorType type) {
        return node(new Input(name, type));
    }

    public Node constant(Tensor value) {
        return node(new Constant(value));
    }

    /** The {@code F32} scalar {@code value}. */
    public Node constant(float value) {
        return constant(Tensor.scalar(value));
    }

    public Node weight(LinearMap map) {
        return node(new Weight(map));
    }
}
