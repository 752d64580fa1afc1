package org.cinnabar.passes.gradients;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.rewrite.Accuracy;
import org.cinnabar.ir.rewrite.Pass;
import org.cinnabar.ir.rewrite.PassTrace;

/**
 * Computes activations again in the backward pass instead of keeping them, where that is cheap and
 * saves memory: those that are elementwise functions of one value of their size which the backward
 * pass reads in any case, like what is normalized and rectified of a convolution's result.
 *
 * <p>The forward pass is what the first output, the loss, needs. Sums of several activations are
 * kept: those of a residual network hang together from end to end.
 *
 * <p>Chen, Xu, Zhang and Guestrin, Training Deep Nets with Sublinear Memory Cost, 2016.
 */
public record Recomputation() implements Pass {
    /** Smaller values are kept. */
    private static final int LEAST = 1024;

    @Override
    public String name() {
        return "recomputation";
    }

    @Override
    public Accuracy accuracy() {
        return Accuracy.EXACT;
    }

    @Override
    public Graph run(Graph graph, PassTrace trace) {
        return new Run(graph).changed();
    }

    private static final class Run {
        private final Graph graph;
        private final Set<Node> forward;
        private final Set<Node> read = new HashSet<>();
        private final GraphBuilder builder = new GraphBuilder();
        private final Map<Node, Node> images = new HashMap<>();
        private final Map<Node, Node> again = new HashMap<>();

        Run(Graph graph) {
            this.graph = graph;
            Graph loss = new Graph("forward", List.of(), graph.outputs().subList(0, 1));
            this.forward = new HashSet<>(loss.nodes());
            for (Node node : graph.nodes()) {
                if (!forward.contains(node)) {
                    read.addAll(node.in());
                }
            }
        }

        Graph changed() {
            for (Node node : graph.nodes()) {
                images.put(node, forward.contains(node) ? node : image(node));
            }
            return new Graph(
                    graph.name(),
                    graph.inputs(),
                    graph.outputs().stream()
                            .map(
                                    o ->
                                            new Graph.Output(
                                                    o.name(), requireNonNull(images.get(o.node()))))
                            .toList());
        }

        private Node image(Node node) {
            List<Node> in = node.in().stream().map(this::operand).toList();
            return in.equals(node.in()) ? node : builder.at(node.origin()).node(node.op(), in);
        }

        private Node operand(Node operand) {
            return forward.contains(operand) && isCheap(operand)
                    ? again(operand)
                    : requireNonNull(images.get(operand));
        }

        /** Whether {@code node} follows from a value of its size that is there in any case. */
        private boolean isCheap(Node node) {
            Node at = node;
            while (at.op() instanceof Elementwise) {
                List<Node> large = large(at);
                if (large.size() != 1) {
                    return false;
                }
                at = large.getFirst();
            }
            return at != node && read.contains(at) && node.shape().count() >= LEAST;
        }

        /** Operands of the size of {@code node}. */
        private static List<Node> large(Node node) {
            return node.in().stream()
                    .filter(operand -> operand.shape().equals(node.shape()))
                    .distinct()
                    .toList();
        }

        /** {@code node} in the backward pass; another builder makes it another node. */
        private Node again(Node node) {
            if (!(node.op() instanceof Elementwise)) {
                return node;
            }
            Node made = again.get(node);
            if (made == null) {
                List<Node> large = large(node);
                List<Node> in =
                        node.in().stream().map(o -> large.contains(o) ? again(o) : o).toList();
                made = builder.at(node.origin()).node(node.op(), in);
                again.put(node, made);
            }
            return made;
        }
    }
}
