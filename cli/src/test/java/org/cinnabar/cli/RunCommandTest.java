package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cinnabar.runtime.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
    @TempDir Path folder;

    /** Sums two inputs. */
    private Path model() throws IOException {
        return new OnnxFile()
                .input("a", "Nx3")
                .input("b", "Nx3")
                .node("sum", "Add", "a b", "y")
                .output("y")
                .write(folder.resolve("sum.onnx"));
    }

    @Test
    void runsTensorsAndArraysOfAnyBatch() throws IOException {
        Path a = folder.resolve("a.pb");
        Files.write(a, OnnxFile.tensor("a", "2x3").toBytes());
        Path b = folder.resolve("b.npy");
        new Npy(List.of(2, 3), new float[] {1, 2, 3, 4, 5, 6}).write(b);
        Path y = folder.resolve("y.npy");
        assertThat(Terminal.run("run", model(), "b=" + b, "a=" + a, "--out", y).code()).isZero();
        assertThat(Npy.read(y).shape()).containsExactly(2, 3);
        assertThat(Npy.read(y).values()).containsExactly(1.5f, 1, 4.5f, 2, 7.5f, 3);
    }

    @Test
    void runsAJarAndPassesItsExitCodeOn() throws IOException {
        Path jar = folder.resolve("sum.jar");
        assertThat(Terminal.run("compile", model(), "-o", jar).code()).isZero();
        Path x = folder.resolve("x.npy");
        new Npy(List.of(3), new float[] {1, 2, 3}).write(x);
        Path y = folder.resolve("y.npy");
        assertThat(Terminal.run("run", jar, "a=" + x, "b=" + x, "--out=" + y).code()).isZero();
        assertThat(Npy.read(y).values()).containsExactly(2, 4, 6);
        assertThat(Terminal.run("run", jar, "a=" + x).code()).isEqualTo(2);
        assertThat(Terminal.run("run", folder.resolve("no.jar"), x).err())
                .isEqualTo("error: no such file: " + folder.resolve("no.jar") + "\n");
    }

    @Test
    void rejectsAFileThatIsNoTensor() throws IOException {
        Path text = Files.writeString(folder.resolve("a.pb"), "hello");
        Terminal.Outcome outcome = Terminal.run("run", model(), "a=" + text);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("error: " + text + ": expected").hasLineCount(1);
    }
}
