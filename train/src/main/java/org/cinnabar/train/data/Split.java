package org.cinnabar.train.data;

/** Examples to train with and others to judge by. */
public record Split(Dataset training, Dataset validation) {
    public Split {
        if (!training.extents().equals(validation.extents())) {
            throw new DataException(
                    "training examples are %s, validation examples %s"
                            .formatted(training.extents(), validation.extents()));
        }
    }

    /** Classes of both. */
    public int classes() {
        return Math.max(training.classes(), validation.classes());
    }
}
