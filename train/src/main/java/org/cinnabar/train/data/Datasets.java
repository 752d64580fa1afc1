package org.cinnabar.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Recognises data in a folder by the files there. */
public final class Datasets {
    private static final int CIFAR_BATCHES = 6;

    private Datasets() {}

    /**
     * The data in {@code folder}: idx files named as MNIST's, CIFAR-10's binary batches, {@code
     * train} and {@code test} with a folder of images for each class, or such folders alone; a .csv
     * file; or an .npz file or a folder of .npy files that hold x_train, y_train, x_test and
     * y_test. Where there is no test data, a tenth of the examples (CIFAR-10's last batch) is kept
     * for validation.
     *
     * @throws DataException if there is nothing of a known kind, or it is damaged
     */
    public static Split open(Path folder) {
        if (folder.toString().endsWith(".csv") && Files.isRegularFile(folder)) {
            return held(Csv.read(folder));
        }
        if (Files.exists(folder) && NumpyArrays.isOne(folder)) {
            return NumpyArrays.read(folder);
        }
        if (!Files.isDirectory(folder)) {
            throw new DataException(folder + " is no folder of data");
        }
        Optional<Path> images = file(folder, "train-images-idx3-ubyte");
        if (images.isPresent()) {
            Dataset training = Idx.read(images.get(), needed(folder, "train-labels-idx1-ubyte"));
            Optional<Path> test = file(folder, "t10k-images-idx3-ubyte");
            return test.isPresent()
                    ? new Split(
                            training,
                            Idx.read(test.get(), needed(folder, "t10k-labels-idx1-ubyte")))
                    : held(training);
        }
        List<Path> batches = new ArrayList<>();
        for (int i = 1; i < CIFAR_BATCHES; i++) {
            file(folder, "data_batch_" + i + ".bin").ifPresent(batches::add);
        }
        if (!batches.isEmpty()) {
            Optional<Path> test = file(folder, "test_batch.bin");
            return test.isPresent()
                    ? new Split(Cifar.read(batches), Cifar.read(List.of(test.get())))
                    : batches.size() == 1
                            ? held(Cifar.read(batches))
                            : new Split(
                                    Cifar.read(batches.subList(0, batches.size() - 1)),
                                    Cifar.read(List.of(batches.getLast())));
        }
        Path train = folder.resolve("train");
        Path test = folder.resolve("test");
        if (Files.isDirectory(train) && Files.isDirectory(test) && ImageFolder.isOne(train)) {
            return new Split(ImageFolder.read(train), ImageFolder.read(test));
        }
        if (ImageFolder.isOne(folder)) {
            return held(ImageFolder.read(folder));
        }
        throw new DataException(
                folder
                        + " holds "
                        + names(folder)
                        + "; expected train-images-idx3-ubyte and its companions, data_batch_1.bin,"
                        + " x_train.npy, or folders of images");
    }

    /** Nine tenths and the last one. */
    static Split held(Dataset all) {
        int from = all.size() - Math.max(1, all.size() / 10);
        return new Split(all.range(0, from), all.range(from, all.size()));
    }

    private static Optional<Path> file(Path folder, String name) {
        return Stream.of(name, name + ".gz").map(folder::resolve).filter(Files::exists).findFirst();
    }

    private static Path needed(Path folder, String name) {
        return file(folder, name)
                .orElseThrow(() -> new DataException(folder.resolve(name) + " is missing"));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().limit(5).toList();
        } catch (IOException e) {
            throw new DataException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
