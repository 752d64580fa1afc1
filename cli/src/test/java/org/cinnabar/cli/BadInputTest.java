package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.cli.OnnxFile.attribute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.cinnabar.cli.Terminal.Outcome;
import org.cinnabar.runtime.Npy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads when something is wrong: one line for each cause, and nothing left behind. */
class BadInputTest {
    @TempDir Path folder;

    private Path model;
    private Path jar;

    @BeforeEach
    void name() {
        model = folder.resolve("net.onnx");
        jar = folder.resolve("net.jar");
    }

    /**
     * The only line that compiling {@code bytes} prints, after checking that nothing was written.
     */
    private String rejection(byte[] bytes) throws IOException {
        Files.write(model, bytes);
        Outcome outcome = Terminal.run("compile", model, "-o", jar);
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.errLines()).hasSize(1);
        assertThat(folder).isDirectoryNotContaining("glob:**/*.{jar,part}");
        return outcome.err().strip();
    }

    private static OnnxFile conv(OnnxFile.Message... attributes) {
        return new OnnxFile()
                .input("x", "1x3x8x8")
                .node("conv1", "Conv", "x w", "y", attributes)
                .output("y");
    }

    @Test
    void unknownOperator() throws IOException {
        OnnxFile file =
                new OnnxFile().input("x", "1x3").node("odd", "Frobnicate", "x", "y").output("y");
        assertThat(rejection(file.toBytes()))
                .isEqualTo(
                        "error: node odd (Frobnicate, opset 17): expected a supported operator, got"
                                + " Frobnicate; export the model without it, or add an importer for"
                                + " it");
    }

    @Test
    void truncatedFile() throws IOException {
        byte[] whole = conv().weight("w", "4x3x3x3").toBytes();
        assertThat(rejection(Arrays.copyOf(whole, whole.length / 2)))
                .isEqualTo(
                        "error: "
                                + model
                                + ": expected an ONNX model, got one that is cut off or damaged ("
                                + whole.length / 2
                                + " bytes); fetch or export the file again");
    }

    @Test
    void fileThatIsNotOnnx() throws IOException {
        assertThat(rejection("hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo(
                        "error: "
                                + model
                                + ": expected an ONNX model, got a text file; check the path, or"
                                + " export the model again");
    }

    @Test
    void missingFile() {
        Outcome outcome = Terminal.run("compile", model, "-o", jar);
        assertThat(outcome)
                .isEqualTo(
                        new Outcome(
                                3,
                                "",
                                "error: "
                                        + model
                                        + ": expected a model, got no such file; check the path\n"));
    }

    @Test
    void missingInitializer() throws IOException {
        assertThat(rejection(conv().toBytes()))
                .isEqualTo(
                        "error: node conv1 (Conv): expected a value 'w' from an input, an"
                                + " initializer or a node, got no definition of it; export the"
                                + " model again");
    }

    @Test
    void cyclicGraph() throws IOException {
        OnnxFile file =
                new OnnxFile()
                        .input("x", "1x3")
                        .node("first", "Add", "x b", "a")
                        .node("second", "Relu", "a", "b")
                        .output("b");
        assertThat(rejection(file.toBytes()))
                .isEqualTo(
                        "error: graph: expected no cycle, got second <- first <- second; export the"
                                + " model again");
    }

    @Test
    void unsupportedAttribute() throws IOException {
        OnnxFile file = conv(attribute("auto_pad", "SIDEWAYS")).weight("w", "4x3x3x3");
        assertThat(rejection(file.toBytes()))
                .isEqualTo(
                        "error: node conv1 (Conv, opset 17): expected NOTSET, VALID, SAME_UPPER or"
                                + " SAME_LOWER, got auto_pad=SIDEWAYS; export the model without"
                                + " it");
    }

    @Test
    void shapeMismatch() throws IOException {
        assertThat(rejection(conv().weight("w", "4x5x3x3").toBytes()))
                .isEqualTo(
                        "error: node conv1 (Conv, opset 17): expected operands that fit, got conv"
                                + " with window 3x3 and 1 groups over f32[1,3,8,8] needs a weight"
                                + " of 27/1 columns, got f32[4,45]; check the shapes in the model,"
                                + " or those given with --shape");
    }

    @Test
    void shapesLeftOpen() throws IOException {
        OnnxFile file =
                new OnnxFile()
                        .input("x", "Nx3xHxW")
                        .node("conv1", "Conv", "x w", "y")
                        .weight("w", "4x3x3x3")
                        .output("y");
        assertThat(rejection(file.toBytes()))
                .isEqualTo(
                        "error: input x: expected known extents, got H, W in [N,3,H,W]; give them"
                                + " with --shape x=1x3x224x224");
        Outcome outcome = Terminal.run("compile", model, "-o", jar, "--shape", "x=1x3x8x9");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("inputs   x 1x3x8x9", "outputs  y 1x4x6x7");
    }

    @Test
    void shapeThatDoesNotFit() throws IOException {
        conv().weight("w", "4x3x3x3").write(model);
        Outcome outcome = Terminal.run("compile", model, "-o", jar, "--shape", "x=1x3x2x2");
        assertThat(outcome.code()).isEqualTo(3);
        assertThat(outcome.err())
                .startsWith("error: node conv1 (Conv, opset 17): expected")
                .contains("--shape")
                .hasLineCount(1);
        outcome = Terminal.run("compile", model, "-o", jar, "--shape", "image=1x3x8x8");
        assertThat(outcome.err()).startsWith("error: option --shape image=").contains("[x]");
    }

    @Test
    void wrongCommandLine() {
        Outcome outcome = Terminal.run("compile", model, "--shape", "x=1xYx?");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.errLines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("error: Invalid value for option '--shape'");
        assertThat(outcome.errLines()).endsWith("see cinnabar compile --help");
        assertThat(Terminal.run("compile", model, "--std", "1,0,1").code()).isEqualTo(2);
        assertThat(Terminal.run("compile").code()).isEqualTo(2);
        assertThat(Terminal.run("melt", model).code()).isEqualTo(2);
        assertThat(Terminal.run().code()).isEqualTo(2);
    }

    @Test
    void unusableClassName() throws IOException {
        conv().weight("w", "4x3x3x3").write(model);
        Outcome outcome = Terminal.run("compile", model, "-o", jar, "--name", "a-b");
        assertThat(outcome)
                .isEqualTo(
                        new Outcome(
                                2,
                                "",
                                "error: Invalid value for option '--name': expected a Java"
                                        + " class like com.example.Resnet50, got 'a-b'\n"
                                        + "see cinnabar compile --help\n"));
        outcome = Terminal.run("compile", model, "-o", jar, "--name", "a.b.Session");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("choose another than Session");
    }

    @Test
    void unwritableOutputIsNoticedBeforeTheModelIsRead() {
        for (Path unwritable :
                List.of(folder, folder.resolve("none/net.jar"), Path.of("/dev/null/net.jar"))) {
            Outcome outcome = Terminal.run("compile", model, "-o", unwritable);
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).startsWith("error: " + unwritable + ": ").hasLineCount(1);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void oldJarSurvivesAFailure() throws IOException {
        conv().weight("w", "4x5x3x3").write(model);
        Files.writeString(jar, "old");
        assertThat(Terminal.run("compile", model, "-o", jar).code()).isEqualTo(3);
        assertThat(jar).hasContent("old");
    }

    @Test
    void debugShowsWhereAnErrorCameFrom() throws IOException {
        conv().write(model);
        assertThat(Terminal.run("inspect", model).err()).doesNotContain("\tat ");
        assertThat(Terminal.run("inspect", model, "--debug").err()).contains("\tat org.cinnabar.");
    }

    @Test
    void inputOfTheWrongSizeAtRunTime() throws Exception {
        conv().weight("w", "4x3x3x3").write(model);
        assertThat(Terminal.run("compile", model, "-o", jar, "-q"))
                .isEqualTo(new Outcome(0, "", ""));
        Path input = folder.resolve("x.npy");
        new Npy(List.of(1, 3, 7, 7), new float[147]).write(input);
        Path output = folder.resolve("y.npy");
        Java.Outcome outcome = Java.run("-jar", jar, input, "--out", output);
        assertThat(outcome)
                .isEqualTo(
                        new Java.Outcome(
                                1,
                                "",
                                "error: " + input + " holds 1x3x7x7, input 'x' takes 1x3x8x8\n"));
        assertThat(output).doesNotExist();
    }
}
