package org.cinnabar.passes.lower;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Weight;

/** The decisions that a {@link Selection} takes in one graph. */
final class Choices {
    /** Predicted times are equal up to this factor. */
    private static final double EQUAL = 1.01;

    private final Selection selection;
    private final double networkBytes;

    Choices(Selection selection, Graph graph) {
        this.selection = selection;
        this.networkBytes =
                graph.nodes().stream()
                        .filter(node -> node.op() instanceof Weight)
                        .mapToDouble(node -> (double) node.shape().count() * Float.BYTES)
                        .sum();
    }

    /** The decision on {@code root}; empty if no lowering accepts it. */
    Optional<Decision> of(Node root) {
        List<Decision.Candidate> candidates =
                Lowerings.accepting(root).map(lowering -> candidate(lowering, root)).toList();
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
