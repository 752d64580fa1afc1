package org.cinnabar.train;

/** Hears how training goes. */
public interface Progress {
    /** Says nothing. */
    Progress SILENT = new Progress() {};

    /**
     * After a step.
     *
     * @param done steps of the run that are done
     * @param steps steps of the whole run
     * @param loss mean over the epoch so far
     * @param accuracy over the epoch so far
     * @param rate examples per second
     * @param secondsLeft an estimate for the whole run
     */
    default void step(
            int epoch,
            long done,
            long steps,
            double loss,
            double accuracy,
            double rate,
            double secondsLeft) {}

    /** After an epoch. */
    default void epoch(Epoch epoch) {}
}
