package org.cinnabar.train.data;

import java.util.List;
import java.util.Objects;

/** Consecutive examples of another data set. */
record Range(Dataset whole, int from, int to) implements Dataset {
    Range {
        Objects.checkFromToIndex(from, to, whole.size());
    }

    @Override
    public List<Integer> extents() {
        return whole.extents();
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    public int classes() {
        return whole.classes();
    }

    @Override
    public int label(int index) {
        return whole.label(from + index);
    }

    @Override
    public void read(int index, float[] into, int offset) {
        whole.read(from + index, into, offset);
    }
}
