package org.cinnabar.ir.rewrite;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.LinearMap;

/**
 * What a rule sees beside its node: the node's surroundings in the graph, and a builder. Nodes it
 * makes have the origin of the node under rewrite unless said otherwise.
 */
public final class Context {
    private final Map<Node, List<Node>> users;
    private final Set<Node> outputs;
    private final GraphBuilder builder = new GraphBuilder();
    private Origin origin = Origin.NONE;

    Context(Graph graph) {
        users = graph.users();
        outputs = graph.outputs().stream().map(Graph.Output::node).collect(Collectors.toSet());
    }

    /** Turns to the next node. */
    Context at(Node node) {
        origin = node.origin();
        return this;
    }

    /** The nodes that use {@code node}, once per operand. */
    public List<Node> users(Node node) {
        return users.getOrDefault(node, List.of());
    }

    /** Whether {@code node} is a result of the graph. */
    public boolean isOutput(Node node) {
        return outputs.contains(node);
    }

    /**
     * Whether {@code node} is one operand of one node and nothing else, so that absorbing it copies
     * no work.
     */
    public boolean singleUse(Node node) {
        return users(node).size() == 1 && !isOutput(node);
    }

    public Node node(Op op, Node... in) {
        return node(op, List.of(in));
    }

    public Node node(Op op, List<Node> in) {
        return builder.at(origin).node(op, in);
    }

    /** {@code op} applied to {@code in} in place of {@code original}, whose origin it takes. */
    public Node replacing(Node original, Op op, Node... in) {
        return builder.at(original.origin()).node(op, in);
    }

    public Node constant(Tensor value) {
        return node(new Constant(value));
    }

    public Node weight(LinearMap map) {
        return node(new Weight(map));
    }
}
