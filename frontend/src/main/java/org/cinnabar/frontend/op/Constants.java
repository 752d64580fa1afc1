package org.cinnabar.frontend.op;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;

/** Values of nodes that depend on no input, computed when an importer asks for them. */
final class Constants {
    /** More numbers are never computed at import. */
    static final int MOST = 1 << 26;

    private final Map<Node, Optional<Tensor>> known = new IdentityHashMap<>();

    /** The value of {@code node}; empty if it depends on an input, or takes too much to compute. */
    Optional<Tensor> of(Node node) {
        if (node.op() instanceof Constant(Tensor value)) {
            return Optional.of(value);
        }
        Optional<Tensor> value = known.get(node);
        if (value == null) {
            value = evaluate(node);
            known.put(node, value);
        }
        return value;
    }

    private static Optional<Tensor> evaluate(Node node) {
        Graph graph = new Graph("constant", List.of(), List.of(new Graph.Output("value", node)));
        if (!graph.nodes().stream().allMatch(Constants::isComputable)) {
            return Optional.empty();
        }
        Tensor value = Interpreter.run(graph, List.of()).getFirst();
        return Optional.of(
                node.type().dtype().isFloating()
                        ? Tensor.f32(value.shape(), value.toFloats())
                        : value);
    }

    private static boolean isComputable(Node node) {
        Shape shape = node.shape();
        return !(node.op() instanceof Input) && shape.isKnown() && shape.size().value() <= MOST;
    }
}
