package org.cinnabar.train;

import java.nio.file.Path;
import org.cinnabar.ir.Graph;
import org.cinnabar.train.data.Augmentation;
import org.cinnabar.train.data.Normalize;
import org.jspecify.annotations.Nullable;

/**
 * A run of training.
 *
 * @param options how steps are computed
 * @param rate the greatest learning rate
 * @param teacher whose scores the loss asks for; null if it does not
 * @param checkpoint where the state of the run is kept, and taken up again from; null for nowhere
 * @param checkpointSeconds the most work in seconds that an interruption may cost
 * @param threads how many compute; results do not depend on it
 */
public record Settings(
        int epochs,
        int batch,
        double rate,
        Schedule schedule,
        Recipe recipe,
        StepOptions options,
        Normalize normalize,
        Augmentation augmentation,
        long seed,
        int threads,
        @Nullable Graph teacher,
        @Nullable Path checkpoint,
        double checkpointSeconds) {
    public Settings {
        if (epochs < 1 || batch < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "%d epochs, batches of %d, %d threads: expected at least 1 of each"
                            .formatted(epochs, batch, threads));
        }
        if (!(checkpointSeconds >= 0)) {
            throw new IllegalArgumentException("checkpoints after " + checkpointSeconds + " s");
        }
        if ((recipe.loss() instanceof Loss.Distillation) != (teacher != null)) {
            throw new IllegalArgumentException("distillation, and only that, takes a teacher");
        }
        if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate " + rate + ": expected above 0");
        }
    }

    /** What decides the result, as text. */
    String text() {
        return "epochs=%d batch=%d rate=%s schedule=%s recipe=%s normalize=%s augmentation=%s seed=%d"
                        .formatted(
                                epochs,
                                batch,
                                rate,
                                schedule,
                                recipe,
                                normalize,
                                augmentation,
                                seed)
                + options.text()
                + (teacher == null ? "" : " teacher=" + teacher.name());
    }
}
