package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.cli.OnnxFile.attribute;

import java.io.IOException;
import java.nio.file.Path;
import org.cinnabar.ir.text.GraphParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir Path folder;
    private Path model;

    @BeforeEach
    void write() throws IOException {
        model =
                new OnnxFile()
                        .input("x", "Nx3x8xW")
                        .node("conv1", "Conv", "x w", "c", attribute("pads", 1, 1, 1, 1))
                        .node("relu1", "Relu", "c", "y")
                        .weight("w", "4x3x3x3")
                        .output("y")
                        .write(folder.resolve("net.onnx"));
    }

    @Test
    void tableHasARowForEveryNodeOfTheModel() {
        assertThat(Terminal.run("inspect", model).out())
                .isEqualTo(
                        """
                        net: opset 17
                          inputs   x f32[N,3,8,W]
                          outputs  y f32[N,4,8,W]

                        node   operator  result        parameters     MACs
                        conv1  Conv      f32[N,4,8,W]         108  864*N*W
                        relu1  Relu      f32[N,4,8,W]
                        total                                 108  864*N*W
                        """);
    }

    @Test
    void shapesGivenMakeCountsNumbers() {
        assertThat(Terminal.run("inspect", model, "--shape", "x=1x3x8x10").out())
                .contains("conv1  Conv      f32[1,4,8,10]         108  8,640\n");
    }

    @Test
    void textIsTheCompilersOwnLanguage() {
        String text = Terminal.run("inspect", model, "--format", "text", "--canonical").out();
        assertThat(text)
                .contains("conv(%x, @w1) window=3x3+1 groups=1 : f32[N,4,8,W]  ; conv1 (Conv)");
        assertThat(GraphParser.parse(text.replaceAll("data\\(\\w+\\)", "zeros")).name())
                .isEqualTo("net");
    }

    @Test
    void jsonNumbersNodesAndOperands() {
        assertThat(Terminal.run("inspect", model, "--format=JSON", "--canonical").out())
                .contains("\"macs\": \"864*N*W\"")
                .contains("\"shape\": [\"N\", 3, 8, \"W\"]")
                .contains("\"op\": \"relu\", \"operands\": [2]")
                .contains("\"node\": \"relu1\", \"operator\": \"Relu\"");
    }

    @Test
    void dotConnectsOperandsWithUsers() {
        assertThat(Terminal.run("inspect", model, "--format", "dot", "--canonical").out())
                .isEqualTo(
                        """
                        digraph "net" {
                          node [shape=box fontname="sans-serif"]
                          n0 [label="x\\nf32[N,3,8,W]"]
                          n1 [label="conv1 (Conv)\\nconv window=3x3+1 groups=1\\nf32[N,4,8,W]"]
                          n0 -> n1
                          n2 [label="relu1 (Relu)\\nrelu\\nf32[N,4,8,W]"]
                          n1 -> n2
                          y0 [label="y"]
                          n2 -> y0
                        }
                        """);
    }

    @Test
    void completionScriptKnowsCommandsAndOptions() {
        assertThat(Terminal.run("completion").out())
                .contains(" inspect verify explain calibrate ", "--against", "--canonical");
    }

    @Test
    void helpShowsExamplesAndExitCodes() {
        for (String command : new String[] {"compile", "run", "inspect", "verify"}) {
            Terminal.Outcome outcome = Terminal.run(command, "--help");
            assertThat(outcome.code()).isZero();
            assertThat(outcome.out())
                    .contains("  cinnabar " + command + " ")
                    .contains("Exit codes:", "3   the model cannot be compiled");
        }
        assertThat(Terminal.run("--version").out()).matches("cinnabar \\d+\\.\\d+.*\n");
    }
}
