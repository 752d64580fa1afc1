package org.cinnabar.train.data;

import java.util.Arrays;
import java.util.List;

/** Examples held as floats, one after the other. */
record Numbers(List<Integer> extents, float[] values, int[] labels) implements Dataset {
    Numbers {
        extents = List.copyOf(extents);
        long length = extents.stream().mapToLong(e -> e).reduce(1, Math::multiplyExact);
        if (values.length != length * labels.length) {
            throw new DataException(
                    "%d labels of examples %s need %d numbers, got %d"
                            .formatted(
                                    labels.length, extents, length * labels.length, values.length));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new DataException(
                        "label %d of example %d is negative".formatted(labels[i], i));
            }
        }
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new DataException("example %d holds %s".formatted(i / length, values[i]));
            }
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int classes() {
        return Arrays.stream(labels).max().orElse(0) + 1;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void read(int index, float[] into, int offset) {
        int length = length();
        System.arraycopy(values, index * length, into, offset, length);
    }
}
