package org.cinnabar.ir;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Weight;

/** Gives values to the symbols in a graph's shapes. */
public final class Symbols {
    private Symbols() {}

    /**
     * The values of symbols under which the inputs named in {@code types} have the given types.
     * Inputs that are not named may leave symbols without a value.
     *
     * @throws IllegalArgumentException if no values do, naming the input, what was expected and
     *     what was seen
     */
    public static Map<String, Long> match(Graph graph, Map<String, TensorType> types) {
        Map<String, TensorType> declared = new HashMap<>();
        graph.inputs().forEach(node -> declared.put(((Input) node.op()).name(), node.type()));
        Map<String, Long> values = new HashMap<>();
        types.forEach(
                (name, seen) -> {
                    TensorType expected = declared.get(name);
                    if (expected == null) {
                        throw new IllegalArgumentException(
                                "graph "
                                        + graph.name()
                                        + " has no input "
                                        + name
                                        + ", only "
                                        + declared.keySet().stream().sorted().toList());
                    }
                    if (seen.shape().rank() == expected.shape().rank()) {
                        for (int axis = 0; axis < seen.shape().rank(); axis++) {
                            Dim dim = expected.shape().dim(axis);
                            if (dim.symbols().size() == 1
                                    && dim.equals(Dim.symbol(dim.symbols().getFirst()))) {
                                values.putIfAbsent(dim.toString(), seen.shape().dim(axis).value());
                            }
                        }
                    }
                });
        types.forEach(
                (name, seen) -> {
                    TensorType expected = requireNonNull(declared.get(name));
                    TensorType bound = expected.withShape(expected.shape().bind(values));
                    if (!bound.equals(seen)) {
                        throw new IllegalArgumentException(
                                "input "
                                        + name
                                        + ": expected "
                                        + expected
                                        + (bound.equals(expected) ? "" : ", which here is " + bound)
                                        + ", got "
                                        + seen);
                    }
                });
        return values;
    }

    /**
     * {@code graph} with every symbol named in {@code values} replaced by its value and all types
     * inferred anew.
     */
    public static Graph bind(Graph graph, Map<String, Long> values) {
        GraphBuilder builder = new GraphBuilder();
        Map<Node, Node> bound = new IdentityHashMap<>();
        for (Node node : graph.nodes()) {
            List<Node> in = node.in().stream().map(bound::get).toList();
            bound.put(node, builder.at(node.origin()).node(bind(node.op(), values), in));
        }
        return new Graph(
                graph.name(),
                graph.inputs().stream().map(bound::get).toList(),
                graph.outputs().stream()
                        .map(
                                output ->
                                        new Graph.Output(
                                                output.name(),
                                                requireNonNull(bound.get(output.node()))))
                        .toList());
    }

    private static Op bind(Op op, Map<String, Long> values) {
        return switch (op) {
            case Input(String name, TensorType type) ->
                    new Input(name, type.withShape(type.shape().bind(values)));
            case Reshape(Shape shape) -> new Reshape(shape.bind(values));
            case Expand(Shape shape) -> new Expand(shape.bind(values));
            case Slice(int axis, Dim start, long step, Dim count) ->
                    new Slice(axis, start.bind(values), step, count.bind(values));
            case Constant _,
                    Weight _,
                    Elementwise _,
                    Contraction _,
                    Transpose _,
                    Concat _,
                    Pad _,
                    Gather _ ->
                    op;
            case Reduce _, Pool _, MaxUnpool _, ScatterAdd _, BatchNorm _ -> op;
        };
    }
}
