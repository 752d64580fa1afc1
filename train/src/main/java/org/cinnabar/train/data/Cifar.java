package org.cinnabar.train.data;

import java.nio.file.Path;
import java.util.List;

/** CIFAR-10's binary batches: a byte for the class, then 3 × 32 × 32 bytes, record after record. */
final class Cifar {
    private static final List<Integer> EXTENTS = List.of(3, 32, 32);
    private static final int PIXELS = 3 * 32 * 32;
    private static final int CLASSES = 10;

    private Cifar() {}

    /** The records of {@code files}, one file after the other. */
    static Dataset read(List<Path> files) {
        List<byte[]> batches = files.stream().map(Idx::bytes).toList();
        int count = 0;
        for (int i = 0; i < batches.size(); i++) {
            int length = batches.get(i).length;
            if (length == 0 || length % (PIXELS + 1) != 0) {
                throw new DataException(
                        "%s should hold records of %d bytes, it holds %d bytes"
                                .formatted(files.get(i), PIXELS + 1, length));
            }
            count += length / (PIXELS + 1);
        }
        byte[] pixels = new byte[count * PIXELS];
        int[] labels = new int[count];
        int at = 0;
        for (byte[] batch : batches) {
            for (int from = 0; from < batch.length; from += PIXELS + 1, at++) {
                labels[at] = batch[from] & 0xFF;
                System.arraycopy(batch, from + 1, pixels, at * PIXELS, PIXELS);
            }
        }
        return new Pixels(EXTENTS, pixels, labels, CLASSES);
    }
}
