package org.cinnabar.ir.rewrite;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;

/**
 * Rebuilds a graph through one builder with some nodes replaced. A node that is not bound is copied
 * onto the images of its operands, once; equal copies become one node.
 */
public final class Substitution {
    private final GraphBuilder builder = new GraphBuilder();
    private final Map<Node, Node> images = new HashMap<>();

    /**
     * Puts the image of {@code replacement} in place of {@code node}, unless the node has an image
     * already.
     */
    public void bind(Node node, Node replacement) {
        images.putIfAbsent(node, image(replacement));
    }

    /** What stands for {@code node} in the new graph. */
    public Node image(Node root) {
        Deque<Node> pending = new ArrayDeque<>(List.of(root));
        while (!pending.isEmpty()) {
            Node node = pending.peek();
            if (images.containsKey(node)) {
                pending.pop();
                continue;
            }
            List<Node> in = new ArrayList<>(node.in().size());
            for (Node operand : node.in()) {
                Node image = images.get(operand);
                if (image == null) {
                    pending.push(operand);
                } else {
                    in.add(image);
                }
            }
            if (in.size() == node.in().size()) {
                images.put(node, builder.at(node.origin()).node(node.op(), in));
            }
        }
        return requireNonNull(images.get(root));
    }

    /** {@code graph} on the images of its inputs and outputs. */
    public Graph apply(Graph graph) {
        return new Graph(
                graph.name(),
                graph.inputs().stream().map(this::image).toList(),
                graph.outputs().stream()
                        .map(output -> new Graph.Output(output.name(), image(output.node())))
                        .toList());
    }
}
