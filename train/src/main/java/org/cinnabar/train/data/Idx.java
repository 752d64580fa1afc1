package org.cinnabar.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The format of MNIST: big-endian arrays of bytes, images and labels apart. */
final class Idx {
    private static final int UNSIGNED_BYTES = 8;

    private Idx() {}

    private record Array(int[] extents, byte[] bytes) {}

    /** The examples in {@code images} and {@code labels}, gzipped or not. */
    static Dataset read(Path images, Path labels) {
        Array pixels = array(images, 3);
        Array classes = array(labels, 1);
        if (pixels.extents()[0] != classes.extents()[0]) {
            throw new DataException(
                    "%s has %d images, %s %d labels"
                            .formatted(images, pixels.extents()[0], labels, classes.extents()[0]));
        }
        int[] numbers = new int[classes.bytes().length];
        Arrays.setAll(numbers, i -> classes.bytes()[i] & 0xFF);
        int greatest = Arrays.stream(numbers).max().orElse(0);
        List<Integer> extents = new ArrayList<>(List.of(1));
        extents.addAll(Arrays.stream(pixels.extents()).skip(1).boxed().toList());
        return new Pixels(extents, pixels.bytes(), numbers, greatest + 1);
    }

    private static Array array(Path file, int rank) {
        byte[] all = bytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(all);
        int header = 4 + 4 * rank;
        if (all.length < header
                || buffer.getShort(0) != 0
                || all[2] != UNSIGNED_BYTES
                || all[3] != rank) {
            throw new DataException(
                    file + " is no idx file of unsigned bytes with " + rank + " axes");
        }
        int[] extents = new int[rank];
        long count = 1;
        for (int axis = 0; axis < rank; axis++) {
            extents[axis] = buffer.getInt(4 + 4 * axis);
            count *= extents[axis];
        }
        if (count != all.length - header) {
            throw new DataException(
                    "%s should hold %d bytes for extents %s, it holds %d"
                            .formatted(file, count, Arrays.toString(extents), all.length - header));
        }
        return new Array(extents, Arrays.copyOfRange(all, header, all.length));
    }

    /** All bytes of a file, unzipped where its name ends in .gz. */
    static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return file.toString().endsWith(".gz")
                    ? new GZIPInputStream(in).readAllBytes()
                    : in.readAllBytes();
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
