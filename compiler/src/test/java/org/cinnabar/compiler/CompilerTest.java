package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Session;
import org.cinnabar.testkit.Agreement;
import org.junit.jupiter.api.Test;

class CompilerTest {
    private static final Path FASHION = Path.of("..", "examples", "fashion", "fashion.onnx");

    @Test
    void computesWhatTheInterpreterDoes() {
        Compiled compiled = Compiler.compile(FASHION, Options.DEFAULTS);
        Model model = compiled.load();
        int batch = 2;
        float[] image = new float[batch * 28 * 28];
        Random random = new Random(1);
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat();
        }
        float[] logits = new float[batch * 10];
        Session session = model.session();
        session.input("image").bind(image);
        session.output("logits").bind(logits);
        session.run();
        Tensor expected =
                Objects.requireNonNull(
                        Interpreter.run(
                                        Compiler.read(FASHION, Options.DEFAULTS.imports()).graph(),
                                        Map.of(
                                                "image",
                                                Tensor.f32(Shape.of(batch, 1, 28, 28), image)))
                                .get("logits"));
        Agreement.check("logits", expected, Tensor.f32(Shape.of(batch, 10), logits), 1e-5);
    }

    @Test
    void reportsChoicesAndSizes() {
        Report report = Compiler.compile(FASHION, Options.DEFAULTS).report();
        assertThat(report.lowerings()).containsEntry("depthwise", 2).containsKey("gemm");
        assertThat(report.choices()).anyMatch(choice -> choice.fused().contains("Relu"));
        assertThat(report.parameters()).isBetween(90_000L, 91_000L);
        assertThat(report.weightBytes()).isGreaterThan(4 * report.parameters());
        assertThat(report.passes()).extracting("pass").contains("simplify");
    }

    @Test
    void announcesEveryStageInOrder() {
        List<String> stages = new ArrayList<>();
        Compiler.compile(
                FASHION,
                Options.DEFAULTS.withTargets(List.of(Target.LANES_8, Target.SCALAR)),
                (stage, done, total) -> stages.add(done + "/" + total + " " + stage));
        assertThat(stages)
                .containsExactly(
                        "0/5 reading fashion.onnx",
                        "1/5 simplifying",
                        "2/5 planning memory and packing weights",
                        "3/5 generating code for 8 lanes",
                        "4/5 generating scalar code");
    }

    @Test
    void writesOptionsAsTheCommandLineTakesThem() {
        Options options =
                Options.DEFAULTS.withShape("b=2xN").withShape("a=1x3").withClassName("a.B");
        assertThat(options.text()).isEqualTo("--shape a=1x3 --shape b=2xN --name a.B");
        assertThatThrownBy(() -> options.withTargets(List.of(Target.LANES_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the scalar target is missing in ");
    }
}
