package org.cinnabar.models;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that lie outside the repository; the running test is skipped where they are absent. */
final class Shared {
    private static final String SHARED = "CINNABAR_SHARED";
    private static final String ZOO = "CINNABAR_ZOO";
    private static final Path BESIDE = Path.of("..", "..", "shared");

    private Shared() {}

    /** The trained model {@code name}. */
    static Path model(String name) {
        return file("models", name + ".onnx");
    }

    /** One of the sample photographs. */
    static Path photograph(String name) {
        return file("datasets", "sample_images", name + ".jpg");
    }

    /** A file of the data set {@code name}. */
    static Path dataset(String name, String file) {
        return file("datasets", name, file);
    }

    /** The folder of the exported architecture {@code name}. */
    static Path zoo(String name) {
        String zoo = System.getenv(ZOO);
        assumeTrue(zoo != null, ZOO + " names no folder of exported architectures");
        return present(present(Path.of(zoo)).resolve(name));
    }

    private static Path file(String... names) {
        String shared = System.getenv(SHARED);
        assumeTrue(
                shared != null || Files.exists(BESIDE),
                SHARED + " names no folder of trained models and data");
        Path folder = shared == null ? BESIDE : Path.of(shared);
        return present(present(folder).resolve(Path.of("", names)));
    }

    private static Path present(Path path) {
        assumeTrue(Files.exists(path), () -> path.toAbsolutePath().normalize() + " is absent");
        return path;
    }
}
