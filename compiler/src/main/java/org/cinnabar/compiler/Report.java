package org.cinnabar.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.passes.lower.Chain;
import org.cinnabar.passes.lower.Decision;
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
    private static final List<String> COLUMNS =
            List.of(
                    "index",
                    "layer",
                    "operator",
                    "lowering",
                    "candidate",
                    "predicted_us",
                    "measured_us",
                    "error",
                    "remark");

    /**
     * What computes one group.
     *
     * @param node the node that the group is about, as the model calls it
     * @param operator the model's operator
     * @param result type of the result
     * @param lowering the algorithm
     * @param fused operators computed on the way, in no order
     * @param macs multiply-adds
     * @param together how it is computed together with its neighbours; empty if it is alone
     * @param candidates the algorithms to choose from
     */
    public record Choice(
            String node,
            String operator,
            String result,
            String lowering,
            List<String> fused,
            long macs,
            String together,
            List<Candidate> candidates) {
        /** Copies the lists. */
        public Choice {
            fused = List.copyOf(fused);
            candidates = List.copyOf(candidates);
        }

        static Choice of(Group group, Chain chain, Map<Node, Long> macs) {
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
                    macs.getOrDefault(root, 0L),
                    chain.remark(group),
                    group.decision().candidates().stream().map(Candidate::of).toList());
        }
    }

    /**
     * An algorithm that could compute a group.
     *
     * @param lowering its name
     * @param predicted seconds; infinite where nothing is known
     * @param measured seconds; NaN where not measured
     * @param error largest error to be expected, over the layer's largest result
     * @param refusal why it was not to be chosen; empty if it was
     */
    public record Candidate(
            String lowering, double predicted, double measured, double error, String refusal) {
        static Candidate of(Decision.Candidate candidate) {
            return new Candidate(
                    candidate.lowering().name(),
                    candidate.predicted(),
                    candidate.measured().orElse(Double.NaN),
                    candidate.error(),
                    candidate.refusal());
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
                    "  %s (%s%s): %s by %s%s, %d MACs"
                            .formatted(
                                    choice.node(),
                                    choice.operator(),
                                    fused,
                                    choice.result(),
                                    choice.lowering(),
                                    choice.together().isEmpty() ? "" : " " + choice.together(),
                                    choice.macs()));
        }
        return String.join("\n", lines) + "\n";
    }

    /**
     * The candidates, one per line after a line of headings, columns separated by tabs. Times are
     * in microseconds; the last column says of the chosen one what it is computed together with.
     */
    String table() {
        StringBuilder text = new StringBuilder(String.join("\t", COLUMNS) + "\n");
        for (int layer = 0; layer < choices.size(); layer++) {
            Choice choice = choices.get(layer);
            for (Candidate candidate : choice.candidates()) {
                text.append(
                        String.format(
                                Locale.ROOT,
                                "%d\t%s\t%s\t%s\t%s\t%.1f\t%.1f\t%.1e\t%s\n",
                                layer,
                                choice.node().replaceAll("\\p{Cntrl}", "?"),
                                choice.operator(),
                                choice.lowering(),
                                candidate.lowering(),
                                candidate.predicted() * 1e6,
                                candidate.measured() * 1e6,
                                candidate.error(),
                                candidate.lowering().equals(choice.lowering())
                                        ? choice.together()
                                        : candidate.refusal()));
            }
        }
        return text.toString();
    }

    private static String operatorOf(Node node) {
        String operator = node.origin().operator();
        return operator.isEmpty()
                ? node.op().getClass().getSimpleName().toLowerCase(Locale.ROOT)
                : operator;
    }
}
