package org.cinnabar.cli;

import java.util.IdentityHashMap;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.text.GraphPrinter;

/** A graph in the language of Graphviz, without constants and weights. */
final class GraphDot {
    private GraphDot() {}

    static String of(Graph graph) {
        Map<Node, String> names = new IdentityHashMap<>();
        StringBuilder text = new StringBuilder();
        text.append("digraph ").append(quote(graph.name())).append(" {\n");
        text.append("  node [shape=box fontname=\"sans-serif\"]\n");
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Constant || node.op() instanceof Weight) {
                continue;
            }
            String name = "n" + names.size();
            names.put(node, name);
            String label = node.op() instanceof Input(String input, _) ? input : described(node);
            vertex(name, label + "\n" + node.type(), text);
            for (Node operand : node.in()) {
                if (names.containsKey(operand)) {
                    edge(names.get(operand), name, text);
                }
            }
        }
        for (int i = 0; i < graph.outputs().size(); i++) {
            Graph.Output output = graph.outputs().get(i);
            vertex("y" + i, output.name(), text);
            if (names.containsKey(output.node())) {
                edge(names.get(output.node()), "y" + i, text);
            }
        }
        return text.append("}\n").toString();
    }

    private static String described(Node node) {
        String origin = node.origin().toString();
        String op = GraphPrinter.print(node.op());
        return origin.isEmpty() ? op : origin + "\n" + op;
    }

    private static void vertex(String name, String label, StringBuilder text) {
        text.append("  ").append(name).append(" [label=").append(quote(label)).append("]\n");
    }

    private static void edge(String from, String to, StringBuilder text) {
        text.append("  ").append(from).append(" -> ").append(to).append('\n');
    }

    private static String quote(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
