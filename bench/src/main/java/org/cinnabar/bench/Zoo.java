package org.cinnabar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of models, each in a sub-folder of its name: {@code lenet5/lenet5.onnx}.
 *
 * @param folder null if there is none
 */
record Zoo(@org.jspecify.annotations.Nullable Path folder) {
    private static final String VARIABLE = "CINNABAR_ZOO";

    /** The folder that the environment names. */
    static Zoo ofEnvironment() {
        String folder = System.getenv(VARIABLE);
        return new Zoo(folder == null ? null : Path.of(folder));
    }

    /**
     * The file that each of {@code words} names, as a path or as a model of this zoo; all models of
     * the zoo if there are no words. Rejects words that name neither.
     */
    List<Path> models(List<String> words) throws IOException {
        if (!words.isEmpty()) {
            return words.stream().map(this::model).toList();
        }
        if (folder == null) {
            throw new IllegalArgumentException(
                    "expected models, got none; name files, or a folder of models with "
                            + VARIABLE);
        }
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.sorted().map(Zoo::file).filter(Files::isRegularFile).toList();
        }
    }

    private Path model(String word) {
        Path path = Path.of(word);
        if (Files.isRegularFile(path)) {
            return path;
        }
        if (folder != null && Files.isRegularFile(file(folder.resolve(word)))) {
            return file(folder.resolve(word));
        }
        throw new IllegalArgumentException(
                word
                        + ": expected an ONNX file or a model of the zoo, got neither; "
                        + (folder == null ? VARIABLE + " names no zoo" : "the zoo is " + folder));
    }

    private static Path file(Path model) {
        return model.resolve(model.getFileName() + ".onnx");
    }
}
