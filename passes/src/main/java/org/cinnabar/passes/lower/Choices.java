package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Weight;

/** The decisions that a {@link Selection} takes in one graph. */
final class Choices {
    /** Predicted times are equal up to this factor. */
    private static final double EQUAL = 1.01;

    /**
     * The error that layers with weights in fewer bits may make together, over the largest error of
     * a layer: those of different layers are independent, so that squares add up, and each layer
     * declares its own with a margin.
     */
    private static final double TOGETHER = 1.1;

    /** Layers that gain less than one part in so many of a network's time keep their weights. */
    private static final int PARTS = 500;

    private final Selection selection;
    private final double networkBytes;
    private final Set<Node> rounded = Collections.newSetFromMap(new IdentityHashMap<>());

    Choices(Selection selection, Graph graph) {
        this.selection = selection;
        this.networkBytes =
                graph.nodes().stream()
                        .filter(node -> node.op() instanceof Weight)
                        .mapToDouble(node -> (double) node.shape().count() * Float.BYTES)
                        .sum();
        double left = Math.pow(TOGETHER * selection.maxError(), 2);
        for (Gain gain : gains(graph)) {
            double square = Math.pow(gain.error(), 2);
            if (square <= left) {
                left -= square;
                rounded.add(gain.root());
            }
        }
    }

    /** What {@code root} gains in {@code seconds} from weights in fewer bits, with an error. */
    private record Gain(Node root, double seconds, double error) {
        /** Of two layers that gain the same, one with half the error leaves four times the rest. */
        double worth() {
            return seconds / Math.pow(error, 2);
        }
    }

    /** Those of all layers, the most worthwhile first. */
    private List<Gain> gains(Graph graph) {
        List<Gain> gains = new ArrayList<>();
        double total = 0;
        for (Node node : graph.nodes()) {
            List<Decision.Candidate> candidates = candidates(node);
            Optional<Decision.Candidate> best = best(candidates, true);
            Optional<Decision.Candidate> exact = best(candidates, false);
            double all = exact.map(Choices::seconds).filter(Double::isFinite).orElse(0.0);
            total += all;
            best.ifPresent(c -> gains.add(new Gain(node, all - seconds(c), c.error())));
        }
        double least = total / PARTS;
        gains.removeIf(gain -> gain.seconds() < least);
        gains.sort(Comparator.comparingDouble(Gain::worth).reversed());
        return gains;
    }

    private static Optional<Decision.Candidate> best(
            List<Decision.Candidate> candidates, boolean isRounded) {
        return candidates.stream()
                .filter(c -> c.isAllowed() && c.lowering().roundsWeights() == isRounded)
                .min(Decision.ORDER);
    }

    private static double seconds(Decision.Candidate candidate) {
        return candidate.measured().orElse(candidate.predicted());
    }

    private List<Decision.Candidate> candidates(Node root) {
        return Lowerings.accepting(root).map(lowering -> candidate(lowering, root)).toList();
    }

    /** The decision on {@code root}; empty if no lowering accepts it. */
    Optional<Decision> of(Node root) {
        List<Decision.Candidate> candidates =
                candidates(root).stream().map(c -> withinBudget(c, root)).toList();
        Optional<Lowering> requested = requested(root, candidates);
        return requested
                .or(() -> quickest(candidates))
                .map(lowering -> new Decision(lowering, requested.isPresent(), candidates));
    }

    /** Of those that are predicted to take the same time the first one, whose kernels are fewer. */
    private static Optional<Lowering> quickest(List<Decision.Candidate> candidates) {
        return candidates.stream()
                .min(Decision.ORDER)
                .flatMap(
                        best ->
                                candidates.stream()
                                        .filter(c -> c == best || isEqual(c, best))
                                        .findFirst())
                .map(Decision.Candidate::lowering);
    }

    private static boolean isEqual(Decision.Candidate candidate, Decision.Candidate best) {
        return candidate.isAllowed()
                && candidate.measured().isEmpty()
                && best.measured().isEmpty()
                && candidate.predicted() <= best.predicted() * EQUAL;
    }

    private Decision.Candidate candidate(Lowering lowering, Node root) {
        double error = lowering.error(root);
        String refusal =
                error <= selection.maxError()
                        ? ""
                        : String.format(Locale.ROOT, "error may exceed %.1e", selection.maxError());
        double seconds = selection.machine().seconds(lowering.work(root), networkBytes);
        return new Decision.Candidate(
                lowering, seconds, selection.timings().of(root, lowering), error, refusal);
    }

    private Decision.Candidate withinBudget(Decision.Candidate candidate, Node root) {
        boolean isRefused =
                candidate.isAllowed()
                        && candidate.lowering().roundsWeights()
                        && !rounded.contains(root);
        return isRefused
                ? new Decision.Candidate(
                        candidate.lowering(),
                        candidate.predicted(),
                        candidate.measured(),
                        candidate.error(),
                        "other layers gain more from fewer bits")
                : candidate;
    }

    private Optional<Lowering> requested(Node root, List<Decision.Candidate> candidates) {
        for (Selection.Request request : selection.requests().reversed()) {
            if (request.speaksOf(Group.label(root))) {
                Optional<Lowering> wanted =
                        candidates.stream()
                                .map(Decision.Candidate::lowering)
                                .filter(lowering -> lowering.name().equals(request.lowering()))
                                .findFirst();
                if (wanted.isPresent()) {
                    return wanted;
                }
            }
        }
        return Optional.empty();
    }
}
