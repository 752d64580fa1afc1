package org.cinnabar.train.data;

import java.util.List;

/** Examples held as bytes, one after the other; a byte stands for its value over 255. */
record Pixels(List<Integer> extents, byte[] bytes, int[] labels, int classes) implements Dataset {
    Pixels {
        extents = List.copyOf(extents);
        long length = extents.stream().mapToLong(e -> e).reduce(1, Math::multiplyExact);
        if (bytes.length != length * labels.length) {
            throw new DataException(
                    "%d labels of examples %s need %d bytes, got %d"
                            .formatted(
                                    labels.length, extents, length * labels.length, bytes.length));
        }
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new DataException(
                        "label %d of example %d: expected 0 to %d"
                                .formatted(labels[i], i, classes - 1));
            }
        }
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void read(int index, float[] into, int offset) {
        int length = length();
        int from = index * length;
        for (int i = 0; i < length; i++) {
            into[offset + i] = (bytes[from + i] & 0xFF) * (1 / 255f);
        }
    }
}
