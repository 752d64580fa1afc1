package org.cinnabar.train.data;

import java.util.List;

/** Labelled examples by number. Several threads may read at once. */
public interface Dataset {
    /** Extents of one example: channels, height, width; or a number of features. */
    List<Integer> extents();

    /** How many examples there are. */
    int size();

    /** How many classes there are. */
    int classes();

    /** The class of example {@code index}, from 0 to {@link #classes} - 1. */
    int label(int index);

    /** Writes the numbers of example {@code index}, row-major, from {@code offset} on. */
    void read(int index, float[] into, int offset);

    /** Numbers of one example. */
    default int length() {
        return extents().stream().reduce(1, Math::multiplyExact);
    }

    /** The examples {@code from} to {@code to}, exclusive. */
    default Dataset range(int from, int to) {
        return new Range(this, from, to);
    }
}
