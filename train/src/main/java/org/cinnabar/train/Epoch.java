package org.cinnabar.train;

/**
 * What one pass over the training data gave.
 *
 * @param number from 1
 * @param loss mean over the pass
 * @param accuracy of the pass, while parameters changed
 * @param validationLoss mean over the validation data, after the pass
 * @param validationAccuracy on the validation data, after the pass
 * @param rate the learning rate at the end
 * @param seconds the pass took, validation aside
 */
public record Epoch(
        int number,
        double loss,
        double accuracy,
        double validationLoss,
        double validationAccuracy,
        double rate,
        double seconds) {}
