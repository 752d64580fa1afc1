package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model gives the same jar in every JVM, each of which orders sets and maps in its own way. */
class ReproducibleTest {
    private static final Path FASHION = Path.of("..", "examples", "fashion", "fashion.onnx");

    @TempDir Path folder;

    /** Compiles to the jar that {@code words} name. */
    public static void main(String[] words) throws IOException {
        Compiler.compile(FASHION, Options.DEFAULTS).write(Path.of(words[0]));
    }

    private Path compiled(String name) throws IOException, InterruptedException {
        Path jar = folder.resolve(name);
        Programs.java(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReproducibleTest.class.getName(),
                        jar.toString()));
        return jar;
    }

    @Test
    void jarsAreEqual() throws Exception {
        assertThat(compiled("one.jar")).hasSameBinaryContentAs(compiled("two.jar"));
    }
}
