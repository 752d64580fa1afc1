package org.cinnabar.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.op.Input;

/**
 * A graph with every shape known, and whether it may be run on batches of what it was compiled for.
 */
record Shapes(Graph graph, boolean batchable) {
    /**
     * Binds a symbol that is the first extent of an input of several axes, and stands nowhere else,
     * to a batch of 1.
     *
     * @throws CompileException if other symbols remain, naming them and the option that fixes them
     */
    static Shapes of(Graph graph) {
        boolean batchable =
                !graph.inputs().isEmpty()
                        && graph.inputs().getFirst().shape().rank() > 0
                        && BatchAxis.isSeparable(graph, graph.inputs().getFirst().shape().dim(0));
        Map<String, Long> values = new HashMap<>();
        for (Node input : graph.inputs()) {
            if (input.shape().rank() > 1) {
                first(input.shape()).forEach(symbol -> values.put(symbol, 1L));
            }
        }
        for (Node input : graph.inputs()) {
            values.keySet().removeAll(inner(input.shape()));
        }
        requireKnown(graph.inputs(), values);
        return new Shapes(values.isEmpty() ? graph : bind(graph, values), batchable);
    }

    private static Graph bind(Graph graph, Map<String, Long> values) {
        try {
            return Symbols.bind(graph, values);
        } catch (IllegalArgumentException e) {
            throw new CompileException(
                    List.of(
                            "graph "
                                    + graph.name()
                                    + ": expected shapes that fit a batch of 1, got "
                                    + e.getMessage()
                                    + "; give a --shape"),
                    e);
        }
    }

    private static List<String> first(Shape shape) {
        Dim first = shape.dim(0);
        return first.symbols();
    }

    private static Set<String> inner(Shape shape) {
        return shape.dims().stream()
                .skip(1)
                .flatMap(dim -> dim.symbols().stream())
                .collect(Collectors.toSet());
    }

    private static void requireKnown(List<Node> inputs, Map<String, Long> values) {
        List<String> problems = new ArrayList<>();
        for (Node input : inputs) {
            Shape shape = input.shape().bind(values);
            if (!shape.isKnown()) {
                String name = ((Input) input.op()).name();
                String symbols =
                        shape.dims().stream()
                                .filter(dim -> !dim.isKnown())
                                .map(Dim::toString)
                                .distinct()
                                .collect(Collectors.joining(", "));
                problems.add(
                        "input %s: expected known extents, got %s in %s; give them with --shape %s=%s"
                                .formatted(name, symbols, input.shape(), name, example(shape)));
            }
        }
        if (!problems.isEmpty()) {
            throw new CompileException(problems, null);
        }
    }

    /** {@code shape} with a usual number for every symbol. */
    private static String example(Shape shape) {
        return shape.dims().stream()
                .map(dim -> dim.isKnown() ? dim.toString() : "224")
                .collect(Collectors.joining("x"));
    }
}
