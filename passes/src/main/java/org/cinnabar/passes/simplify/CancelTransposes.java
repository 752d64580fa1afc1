package org.cinnabar.passes.simplify;

import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.rewrite.Accuracy;
import org.cinnabar.ir.rewrite.Pass;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.ir.rewrite.RuleSet;

/**
 * Turns islands of another axis order round, so that the transposes around them cancel:
 *
 * <pre>
 * transpose⁻¹(f(transpose(x), transpose(y))) → f'(x, y)
 * </pre>
 *
 * for every connected f of ops that do not mind the order of axes, where fewer elements are
 * transposed afterwards than before. A network that computes in NHWC between transposes thus
 * becomes one in NCHW.
 *
 * @see Island
 */
record CancelTransposes() implements Pass {
    private static final RuleSet MERGE =
            RuleSet.of("merge-transposes", Movements.MERGE_TRANSPOSES, NoOps.REMOVE);

    @Override
    public String name() {
        return "cancel-transposes";
    }

    /** A linear layer that becomes a pointwise convolution may sum in another order. */
    @Override
    public Accuracy accuracy() {
        return Accuracy.rounding(1e-6);
    }

    @Override
    public Graph run(Graph graph, PassTrace trace) {
        Graph current = graph;
        for (Graph next = improved(current, trace);
                next != current;
                next = improved(current, trace)) {
            current = next;
        }
        return current;
    }

    /**
     * {@code graph} with the first island turned round that is better so; {@code graph} itself if
     * none is.
     */
    private static Graph improved(Graph graph, PassTrace trace) {
        long moved = moved(graph);
        Map<Node, List<Node>> users = graph.users();
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Transpose) {
                Island island = Island.around(node, users);
                Graph turned = island.members().isEmpty() ? graph : MERGE.run(island.turned(graph));
                if (moved(turned) < moved) {
                    trace.fired("turn-island", node.origin());
                    return turned;
                }
            }
        }
        return graph;
    }

    /** Number of elements that are transposed, a symbolic extent counting as one. */
    private static long moved(Graph graph) {
        return graph.nodes().stream()
                .filter(node -> node.op() instanceof Transpose)
                .mapToLong(
                        node ->
                                node.shape().dims().stream()
                                        .mapToLong(dim -> dim.isKnown() ? dim.value() : 1)
                                        .reduce(1, Math::multiplyExact))
                .sum();
    }
}
