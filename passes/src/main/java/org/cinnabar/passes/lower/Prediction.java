package org.cinnabar.passes.lower;

import java.util.Comparator;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Weight;

/** Predicted times of whole graphs, to decide between graphs that compute the same. */
public final class Prediction {
    private Prediction() {}

    /**
     * Seconds that the nodes of {@code graph} take on one core of the machine of {@code selection},
     * each in its quickest lowering; what has no prediction of its own reads and writes its numbers
     * in the cache.
     */
    public static double seconds(Graph graph, Selection selection) {
        Choices choices = new Choices(selection, graph);
        double total = 0;
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Input
                    || node.op() instanceof Constant
                    || node.op() instanceof Weight
                    || Copies.isView(node)) {
                continue;
            }
            double bytes = 2.0 * Float.BYTES * node.shape().count();
            total +=
                    choices.of(node).stream()
                            .flatMap(decision -> decision.candidates().stream())
                            .map(Decision.Candidate::predicted)
                            .filter(Double::isFinite)
                            .min(Comparator.naturalOrder())
                            .orElse(bytes / selection.machine().cacheBytes());
        }
        return total;
    }
}
