package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cinnabar.cli.Terminal.Outcome;
import org.cinnabar.runtime.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    @TempDir Path folder;
    private Path model;
    private Path set;

    /** y = relu(x), whose input is the {@code .pb} tensor 0.5, -1, 1.5, -2, ... */
    @BeforeEach
    void write() throws IOException {
        model =
                new OnnxFile()
                        .input("x", "Nx5")
                        .node("relu1", "Relu", "x", "y")
                        .output("y")
                        .write(folder.resolve("model.onnx"));
        set = Files.createDirectory(folder.resolve("test_data_set_0"));
        Files.write(set.resolve("input_0.pb"), OnnxFile.tensor("x", "1x5").toBytes());
    }

    private void expect(float... y) throws IOException {
        new Npy(List.of(1, 5), y).write(set.resolve("output_0.npy"));
    }

    @Test
    void acceptsWhatIsRight() throws IOException {
        expect(0.5f, 0, 1.5f, 0, 2.5f);
        Outcome outcome = Terminal.run("verify", model, "--against", folder);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome)
                .isEqualTo(
                        new Outcome(
                                0,
                                """
                                data             output         error   largest
                                test_data_set_0  y       ok  0.00e+00  2.50e+00
                                1 of 1 outputs within 1.00e-03
                                """,
                                ""));
        assertThat(Terminal.run("verify", model, "--against", set, "-q"))
                .isEqualTo(new Outcome(0, "", ""));
    }

    @Test
    void showsWhatDiffersRelativeToTheLargestValue() throws IOException {
        expect(0.5f, 0, 1.5f, 0.1f, 2.5f);
        Outcome outcome = Terminal.run("verify", model, "--against", folder);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out())
                .contains("DIFFERS  4.00e-02  2.50e+00")
                .contains("0 of 1 outputs within");
        assertThat(Terminal.run("verify", model, "--against", folder, "--tolerance", "0.05").code())
                .isZero();
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Outcome outcome = Terminal.run("verify", model, "--against", folder.resolve("none"));
        assertThat(outcome)
                .isEqualTo(
                        new Outcome(
                                1, "", "error: no such file: " + folder.resolve("none") + "\n"));
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(Terminal.run("verify", model, "--against", empty).err())
                .startsWith("error: " + empty + " holds no test data")
                .hasLineCount(1);
    }

    @Test
    void reportsWhatTheJarRejects() throws IOException {
        expect(0.5f, 0, 1.5f, 0, 2.5f);
        Outcome outcome = Terminal.run("verify", model, "--against", folder, "--shape", "x=1x4");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("holds 1x5, input 'x' takes 1x4").hasLineCount(1);
    }

    @Test
    void nanAgreesWithNanOnly() {
        Values nan = values(Float.NaN, 1);
        assertThat(Comparison.of("y", nan, nan).error()).isZero();
        assertThat(Comparison.of("y", nan, values(2, 1)).error()).isNaN();
        assertThat(Comparison.of("y", values(2, 1), nan).error()).isNaN();
    }

    private static Values values(float... floats) {
        return new Values("", org.cinnabar.ir.Shape.of(floats.length), floats);
    }
}
