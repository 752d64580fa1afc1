package org.cinnabar.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.cinnabar.runtime.Npy;

/**
 * Arrays that are called {@code x_train, y_train, x_test, y_test}, files of a folder or members of
 * an {@code .npz} file. Examples are vectors, {@code [height,width]}, {@code
 * [channels,height,width]} or {@code [height,width,channels]} with 1, 3 or 4 channels; numbers
 * beyond 1 are taken for pixels up to 255.
 */
final class NumpyArrays {
    private static final int MOST_CHANNELS = 4;

    /** Where an array of a name is, if there is one. */
    private interface Arrays {
        Optional<Npy> named(String name) throws IOException;
    }

    private NumpyArrays() {}

    /** Whether {@code path} is an .npz file, or a folder with {@code x_train.npy}. */
    static boolean isOne(Path path) {
        return path.toString().endsWith(".npz") || Files.exists(path.resolve("x_train.npy"));
    }

    /**
     * The examples in {@code path}; a tenth is held out where there is no {@code x_test}.
     *
     * @throws DataException if arrays are missing or do not fit each other
     */
    static Split read(Path path) {
        try {
            if (Files.isDirectory(path)) {
                return split(path, name -> file(path.resolve(name + ".npy")));
            }
            try (ZipFile zip = new ZipFile(path.toFile())) {
                return split(path, name -> member(zip, name));
            }
        } catch (IOException e) {
            throw new DataException(path + ": " + e.getMessage(), e);
        }
    }

    private static Optional<Npy> file(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Npy.read(file)) : Optional.empty();
    }

    private static Optional<Npy> member(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name + ".npy");
        if (entry == null) {
            return Optional.empty();
        }
        Path copy = Files.createTempFile(name, ".npy");
        try (var in = zip.getInputStream(entry)) {
            Files.write(copy, in.readAllBytes());
            return Optional.of(Npy.read(copy));
        } finally {
            Files.delete(copy);
        }
    }

    private static Split split(Path path, Arrays arrays) throws IOException {
        Dataset training =
                examples(path, arrays, "train")
                        .orElseThrow(() -> new DataException(path + " has no array x_train"));
        Optional<Dataset> test = examples(path, arrays, "test");
        return test.isPresent() ? new Split(training, test.get()) : Datasets.held(training);
    }

    private static Optional<Dataset> examples(Path path, Arrays arrays, String part)
            throws IOException {
        Optional<Npy> x = arrays.named("x_" + part);
        if (x.isEmpty()) {
            return Optional.empty();
        }
        Npy y =
                arrays.named("y_" + part)
                        .orElseThrow(
                                () ->
                                        new DataException(
                                                "%s has x_%s, but no y_%s"
                                                        .formatted(path, part, part)));
        Npy images = x.get();
        if (images.shape().size() < 2
                || images.shape().size() > 4
                || y.values().length != images.shape().getFirst()) {
            throw new DataException(
                    "%s: x_%s is %s and y_%s is %s; expected [examples, ...] and [examples]"
                            .formatted(path, part, images.shape(), part, y.shape()));
        }
        int[] labels = new int[y.values().length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) y.values()[i];
            if (labels[i] != y.values()[i]) {
                throw new DataException(
                        "%s: label %s of example %d of y_%s is no whole number"
                                .formatted(path, y.values()[i], i, part));
            }
        }
        return Optional.of(numbers(images, labels));
    }

    private static Dataset numbers(Npy images, int[] labels) {
        List<Integer> extents = new ArrayList<>(images.shape().subList(1, images.shape().size()));
        float[] values = images.values();
        boolean isPixels = false;
        for (float value : values) {
            isPixels |= value > 1;
        }
        for (int i = 0; i < values.length && isPixels; i++) {
            values[i] *= 1 / 255f;
        }
        if (extents.size() == 2) {
            extents.addFirst(1);
        } else if (extents.size() == 3
                && extents.getLast() <= MOST_CHANNELS
                && extents.getFirst() > MOST_CHANNELS) {
            extents.addFirst(extents.removeLast());
            values = channelsFirst(values, labels.length, extents.getFirst());
        }
        return new Numbers(extents, values, labels);
    }

    private static float[] channelsFirst(float[] values, int examples, int channels) {
        float[] turned = new float[values.length];
        int plane = values.length / Math.max(1, examples * channels);
        int to = 0;
        for (int example = 0; example < examples; example++) {
            for (int c = 0; c < channels; c++) {
                for (int pixel = 0; pixel < plane; pixel++) {
                    turned[to++] = values[(example * plane + pixel) * channels + c];
                }
            }
        }
        return turned;
    }
}
