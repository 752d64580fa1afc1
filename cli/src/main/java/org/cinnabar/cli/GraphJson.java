package org.cinnabar.cli;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.cinnabar.compiler.Census;
import org.cinnabar.frontend.Imported;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
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
import org.cinnabar.ir.text.GraphPrinter;

/** A graph as one JSON object, a node per line; operands are numbers of nodes. */
final class GraphJson {
    private GraphJson() {}

    static String of(Imported imported, Graph graph) {
        Census census = Census.of(graph);
        List<Node> nodes = graph.nodes();
        Map<Node, Integer> numbers = new IdentityHashMap<>();
        nodes.forEach(node -> numbers.put(node, numbers.size()));
        Map<Node, Census.Entry> costs = new IdentityHashMap<>();
        census.entries().forEach(entry -> costs.put(entry.node(), entry));
        SequencedMap<String, Object> head = new LinkedHashMap<>();
        head.put("name", graph.name());
        head.put("opset", imported.opset());
        head.put("producer", imported.producer());
        head.put("parameters", census.parameters());
        head.put("macs", census.macs());
        head.put(
                "inputs",
                graph.inputs().stream().map(node -> port(name(node), node, numbers)).toList());
        head.put(
                "outputs",
                graph.outputs().stream()
                        .map(output -> port(output.name(), output.node(), numbers))
                        .toList());
        String lines =
                nodes.stream()
                        .map(node -> "  " + Json.of(line(node, numbers, costs.get(node))))
                        .collect(Collectors.joining(",\n"));
        String open = Json.of(head);
        return open.substring(0, open.length() - 1) + ", \"nodes\": [\n" + lines + "\n]}\n";
    }

    private static String name(Node node) {
        return node.op() instanceof Input(String name, _) ? name : "";
    }

    private static Map<String, Object> port(String name, Node node, Map<Node, Integer> numbers) {
        SequencedMap<String, Object> port = new LinkedHashMap<>();
        port.put("name", name);
        port.put("node", numbers.getOrDefault(node, -1));
        port.put("type", node.type().dtype());
        port.put("shape", node.shape());
        return port;
    }

    private static Map<String, Object> line(
            Node node,
            Map<Node, Integer> numbers,
            Census.@org.jspecify.annotations.Nullable Entry cost) {
        SequencedMap<String, Object> line = new LinkedHashMap<>();
        line.put("number", numbers.getOrDefault(node, -1));
        line.put("op", op(node));
        line.put("operands", node.in().stream().map(numbers::get).toList());
        line.put("type", node.type().dtype());
        line.put("shape", node.shape());
        if (cost != null) {
            line.put("parameters", cost.parameters());
            line.put("macs", cost.macs());
        }
        line.put("node", node.origin().node());
        line.put("operator", node.origin().operator());
        return line;
    }

    private static String op(Node node) {
        return switch (node.op()) {
            case Input _ -> "input";
            case Constant _ -> "const";
            case Weight _ -> "weight";
            case Elementwise _, Contraction _, Movement _ -> GraphPrinter.print(node.op());
            case Reduce _, Pool _, MaxUnpool _, ScatterAdd _, BatchNorm _ ->
                    GraphPrinter.print(node.op());
        };
    }
}
