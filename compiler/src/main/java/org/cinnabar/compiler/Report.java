package org.cinnabar.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.passes.lower.Group;

/**
 * How a model was compiled; the same for the same model and options.
 *
 * @param choices what computes each group of nodes, in order of execution
 * @param passes what simplification did
 * @param parameters floating numbers in the simplified model
 * @param macs multiply-adds per run of the compiled shape
 * @param weightBytes size of the packed weights
 * @param arenaBytes size of the working memory of one session
 */
public record Report(
        List<Choice> choices,
        List<PassTrace.Step> passes,
        long parameters,
        long macs,
        long weightBytes,
        long arenaBytes) {
    /**
     * What computes one group.
     *
     * @param node the node that the group is about, as the model calls it
     * @param operator the model's operator
     * @param result type of the result
     * @param lowering the algorithm
     * @param fused operators computed on the way, in no order
     * @param macs multiply-adds
     */
    public record Choice(
            String node,
            String operator,
            String result,
            String lowering,
            List<String> fused,
            long macs) {
        /** Copies the fused operators. */
        public Choice {
            fused = List.copyOf(fused);
        }

        static Choice of(Group group, Map<Node, Long> macs) {
            Node root = group.root();
            List<String> fused =
                    group.members().stream()
                            .filter(member -> member != root)
                            .map(Report::operatorOf)
                            .sorted()
                            .toList();
            return new Choice(
                    group.label(),
                    operatorOf(root),
                    group.result().type().toString(),
                    group.lowering().name(),
                    fused,
                    macs.getOrDefault(root, 0L));
        }
    }

    /** Copies the lists. */
    public Report {
        choices = List.copyOf(choices);
        passes = List.copyOf(passes);
    }

    /** How many groups each lowering computes, in order of first use. */
    public Map<String, Integer> lowerings() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        choices.forEach(choice -> counts.merge(choice.lowering(), 1, Integer::sum));
        return counts;
    }

    /** Number of nodes that are computed as part of another one's group. */
    public int fused() {
        return choices.stream().mapToInt(choice -> choice.fused().size()).sum();
    }

    /** The passes and choices, one per line. */
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add("passes:");
        for (PassTrace.Step step : passes) {
            lines.add(
                    "  %s: %d -> %d nodes"
                            .formatted(step.pass(), step.nodesBefore(), step.nodesAfter()));
            step.counts().forEach((rule, count) -> lines.add("    " + rule + " x" + count));
        }
        lines.add("choices:");
        for (Choice choice : choices) {
            String fused =
                    choice.fused().isEmpty() ? "" : " + " + String.join(" + ", choice.fused());
            lines.add(
                    "  %s (%s%s): %s by %s, %d MACs"
                            .formatted(
                                    choice.node(),
                                    choice.operator(),
                                    fused,
                                    choice.result(),
                                    choice.lowering(),
                                    choice.macs()));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String operatorOf(Node node) {
        String operator = node.origin().operator();
        return operator.isEmpty()
                ? node.op().getClass().getSimpleName().toLowerCase(Locale.ROOT)
                : operator;
    }
}
