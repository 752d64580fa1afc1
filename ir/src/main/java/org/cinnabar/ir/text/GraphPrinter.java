package org.cinnabar.ir.text;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Movement;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.LinearMap;

/**
 * Prints graphs in the form described in the package. Inputs and outputs keep their names, other
 * values are numbered in the order of {@link Graph#nodes()}.
 */
public final class GraphPrinter {
    private final Graph graph;
    private final Literals literals;
    private final Map<Node, String> references = new IdentityHashMap<>();
    private final Set<String> taken = new HashSet<>();

    private GraphPrinter(Graph graph, Literals literals) {
        this.graph = graph;
        this.literals = literals;
    }

    /** The text of {@code graph}; of long constants only a checksum. */
    public static String print(Graph graph) {
        return print(graph, new Literals());
    }

    /**
     * The text of {@code graph}, with constants that {@code literals} knows in the form in which
     * they were read.
     */
    public static String print(Graph graph, Literals literals) {
        return new GraphPrinter(graph, literals).text();
    }

    /** The word of {@code op} and its attributes, as they stand around the operands. */
    public static String print(Op op) {
        return Ops.word(op) + Ops.attributes(op);
    }

    private String text() {
        nameValues();
        List<String> body = new ArrayList<>();
        List<String> weights = new ArrayList<>();
        for (Node node : graph.nodes()) {
            switch (node.op()) {
                case Input _ -> {}
                case Weight(LinearMap map) -> weights.add(line(node, Maps.print(map, literals)));
                case Constant(Tensor value) ->
                        body.add("  " + line(node, "const " + literals.print(value)));
                case Elementwise _, Contraction _, Movement _, Reduce _, Pool _ ->
                        body.add("  " + line(node, application(node)));
                case MaxUnpool _, ScatterAdd _, BatchNorm _ ->
                        body.add("  " + line(node, application(node)));
            }
        }
        String inputs =
                graph.inputs().stream()
                        .map(node -> references.get(node) + ": " + node.type())
                        .collect(Collectors.joining(", "));
        String outputs =
                graph.outputs().stream().map(this::output).collect(Collectors.joining(", "));
        return "graph @"
                + Cursor.quote(graph.name())
                + "("
                + inputs
                + ") -> ("
                + outputs
                + ") {\n"
                + String.join("", body)
                + "}\n"
                + String.join("", weights);
    }

    private void nameValues() {
        for (Node node : graph.inputs()) {
            name(node, ((Input) node.op()).name());
        }
        for (Graph.Output output : graph.outputs()) {
            if (!(output.node().op() instanceof Weight)) {
                name(output.node(), output.name());
            }
        }
        int weights = 0;
        int values = 0;
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Weight) {
                references.put(node, "@w" + ++weights);
            }
            while (!references.containsKey(node)) {
                name(node, Integer.toString(++values));
            }
        }
    }

    /** Gives {@code node} the name, unless it has one or the name is another's. */
    private void name(Node node, String name) {
        if (!references.containsKey(node) && taken.add(name)) {
            references.put(node, "%" + Cursor.quote(name));
        }
    }

    private String output(Graph.Output output) {
        String reference = requireNonNull(references.get(output.node()));
        String name = Cursor.quote(output.name());
        return (reference.equals("%" + name) ? "" : name + " = ")
                + reference
                + ": "
                + output.node().type();
    }

    private String application(Node node) {
        return node.in().stream()
                        .map(references::get)
                        .collect(Collectors.joining(", ", Ops.word(node.op()) + "(", ")"))
                + Ops.attributes(node.op())
                + " : "
                + node.type();
    }

    private String line(Node node, String value) {
        return references.get(node) + " = " + value + origin(node.origin()) + "\n";
    }

    private static String origin(Origin origin) {
        if (origin.equals(Origin.NONE)) {
            return "";
        }
        return "  ; "
                + Cursor.quote(origin.node())
                + (origin.operator().isEmpty() ? "" : " (" + Cursor.quote(origin.operator()) + ")");
    }
}
