package org.cinnabar.models;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Images of one size and the class of each.
 *
 * @param shape channels, height and width
 * @param pixels one image after the other, in the order of {@code shape}
 * @param labels one class per image
 */
record LabelledImages(List<Integer> shape, byte[] pixels, byte[] labels) {
    private static final int CIFAR_PIXELS = 3 * 32 * 32;

    /** How a pixel from 0 to 255 of a channel becomes an input value. */
    @FunctionalInterface
    interface Normalisation {
        float of(int channel, int pixel);
    }

    /** The 10 000 test images of MNIST. */
    static LabelledImages mnist() throws IOException {
        return new LabelledImages(
                List.of(1, 28, 28),
                idx(Shared.dataset("mnist", "t10k-images-idx3-ubyte.gz")),
                idx(Shared.dataset("mnist", "t10k-labels-idx1-ubyte.gz")));
    }

    /** The first 1 000 test images of CIFAR-10, unpacked into {@code folder}. */
    static LabelledImages cifar10(Path folder) throws IOException, InterruptedException {
        Path batch = folder.resolve("cifar10.bin");
        Path program = Shared.dataset("cifar10", "MedUnpack.java");
        Path packed = Shared.dataset("cifar10", "test_first1000.med.gz");
        Programs.java(List.of(program.toString(), packed.toString(), batch.toString()));
        byte[] records = Files.readAllBytes(batch);
        int count = records.length / (1 + CIFAR_PIXELS);
        byte[] pixels = new byte[count * CIFAR_PIXELS];
        byte[] labels = new byte[count];
        for (int i = 0; i < count; i++) {
            int at = i * (1 + CIFAR_PIXELS);
            labels[i] = records[at];
            System.arraycopy(records, at + 1, pixels, i * CIFAR_PIXELS, CIFAR_PIXELS);
        }
        return new LabelledImages(List.of(3, 32, 32), pixels, labels);
    }

    /** The bytes of an {@code idx} file: magic, rank, extents, then the values. */
    private static byte[] idx(Path file) throws IOException {
        try (var bytes = new ByteArrayInputStream(Files.readAllBytes(file));
                var in = new DataInputStream(new GZIPInputStream(bytes))) {
            int rank = in.readInt() & 0xFF;
            int count = 1;
            for (int i = 0; i < rank; i++) {
                count *= in.readInt();
            }
            return in.readNBytes(count);
        }
    }

    int count() {
        return labels.length;
    }

    /** All images as one batch. */
    float[] batch(Normalisation normalisation) {
        int plane = shape.get(1) * shape.get(2);
        float[] batch = new float[pixels.length];
        for (int i = 0; i < batch.length; i++) {
            batch[i] = normalisation.of(i / plane % shape.getFirst(), pixels[i] & 0xFF);
        }
        return batch;
    }

    /** The shape of {@link #batch}. */
    List<Integer> batchShape() {
        return List.of(count(), shape.get(0), shape.get(1), shape.get(2));
    }

    /** The share, in percent, of images whose largest score is that of their class. */
    double accuracy(float[] scores) {
        int classes = scores.length / count();
        int right = 0;
        for (int i = 0; i < count(); i++) {
            float[] own = Arrays.copyOfRange(scores, i * classes, (i + 1) * classes);
            right += largest(own) == labels[i] ? 1 : 0;
        }
        return 100.0 * right / count();
    }

    private static int largest(float[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            largest = values[i] > values[largest] ? i : largest;
        }
        return largest;
    }
}
