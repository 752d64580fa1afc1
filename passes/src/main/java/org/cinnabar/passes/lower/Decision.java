package org.cinnabar.passes.lower;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Which lowering computes a root op, and why.
 *
 * @param lowering the one chosen
 * @param isRequested whether the user asked for it
 * @param candidates all that accept the op, in the order of {@link Lowerings}
 */
public record Decision(Lowering lowering, boolean isRequested, List<Candidate> candidates) {
    /**
     * A lowering that accepts the op.
     *
     * @param predicted seconds
     * @param measured seconds, where they were measured
     * @param error largest error of a result over the layer's largest one, in this lowering's
     *     single-precision arithmetic
     * @param refusal why it may not be chosen; empty if it may
     */
    public record Candidate(
            Lowering lowering,
            double predicted,
            OptionalDouble measured,
            double error,
            String refusal) {
        /** Whether it may be chosen without being asked for. */
        public boolean isAllowed() {
            return refusal.isEmpty();
        }
    }

    /** The allowed before the refused, the measured before the others, the quickest first. */
    static final Comparator<Candidate> ORDER =
            Comparator.comparing((Candidate c) -> !c.isAllowed())
                    .thenComparing(c -> c.measured().isEmpty())
                    .thenComparingDouble(c -> c.measured().orElse(c.predicted()));

    public Decision {
        candidates = List.copyOf(candidates);
    }
}
