package org.cinnabar.cli;

import java.nio.file.Path;

/** The trained model that comes with the sources. */
final class Fashion {
    static final Path FOLDER = Path.of("..", "examples", "fashion");
    static final Path MODEL = FOLDER.resolve("fashion.onnx");
    static final Path LABELS = FOLDER.resolve("labels.txt");

    private Fashion() {}

    /** The image of a garment, the name of its class. */
    static Path sample(String garment) {
        return FOLDER.resolve("samples").resolve(garment + ".png");
    }
}
