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
import org.jspecify.annotations.Nullable;

/**
 * Turns islands of another axis order round, so that the transposes around them cancel:
 *
 * <pre>
 * transpose⁻¹(f(transpose(x), transpose(y))) → f'(x, y)
 * </pre>
 *
 * for every connected f of ops that do not mind the order of axes, where fewer elements are transposed afterwards than
 * before. A network that computes in NHWC between transposes thus becomes one in NCHW.
 *
 * @see Island
 */
record CancelTransposes() implements Pass {
    private static final RuleSet MERGE = RuleSet.of("merge-transposes", Movements.MERGE_TRANSPOSES, NoOps.REMOVE);

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
        for (Island island = best(current); island != null; island = best(current)) {
            trace.fired("turn-island", island.seed().origin());
            current = MERGE.run(island.turned(current));
        }
        return current;
    }

    /** The island that spares most, the first of equals; null if none spares anything. */
    private static @Nullable Island best(Graph graph) {
        List<Node> nodes = graph.nodes();
        Map<Node, List<Node>> users = graph.users();
        Island best = null;
        long most = 0;
        for (Node node : nodes) {
            if (node.op() instanceof Transpose && !Constants.isConstant(node.in(0))) {
                Island island = Island.around(node, users);
                long spared = island.spared(graph);
                if (spared > most) {
                    best = island;
                    most = spared;
                }
            }
        }
        return best;
    }
}
