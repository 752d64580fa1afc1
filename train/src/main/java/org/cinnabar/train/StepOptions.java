package org.cinnabar.train;

import java.util.List;
import org.cinnabar.passes.gradients.FrequencyConv;
import org.cinnabar.passes.lower.Selection;

/**
 * How a step of training is computed. What it computes stays the same, up to rounding.
 *
 * @param frequency where convolutions are in the frequency domain
 * @param selection what computes each node; gradients of a node {@code conv1} are named {@code
 *     conv1'}
 * @param recompute whether cheap activations are computed again in the backward pass, which takes
 *     less memory and more time; results have the same bits
 */
public record StepOptions(FrequencyConv.Use frequency, Selection selection, boolean recompute) {
    /** Everything as it is predicted to be quickest. */
    public static final StepOptions DEFAULT =
            new StepOptions(FrequencyConv.Use.WHERE_QUICKER, Selection.DEFAULT, false);

    /** This with the frequency domain used elsewhere. */
    public StepOptions with(FrequencyConv.Use other) {
        return new StepOptions(other, selection, recompute);
    }

    /**
     * This with one more request {@code NODE=LOWERING}; the last one that speaks of a node counts.
     */
    public StepOptions withLowering(String request) {
        Selection chosen = selection.with(Selection.Request.parse(request));
        return new StepOptions(frequency, chosen, recompute);
    }

    /** This with activations computed again, or not. */
    public StepOptions withRecompute(boolean again) {
        return new StepOptions(frequency, selection, again);
    }

    /** What differs from {@link #DEFAULT} and decides the last bits of a result, as text. */
    String text() {
        List<Selection.Request> requests = selection.requests();
        return (frequency == DEFAULT.frequency ? "" : " frequency=" + frequency)
                + (requests.isEmpty() ? "" : " lowerings=" + requests);
    }
}
