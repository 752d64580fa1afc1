package org.cinnabar.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Window;
import org.cinnabar.passes.gradients.FrequencyConv;
import org.cinnabar.train.model.NetworkBuilder;
import org.cinnabar.train.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompiledStepTest {
    private static final int BATCH = 5;

    private static Graph bound(Graph graph) {
        return Symbols.bind(graph, Map.of("N", (long) BATCH));
    }

    private static Graph convolutional() {
        return new NetworkBuilder("small", 3, 2, 9, 10)
                .conv("conv1", 7, Window.parse("3x3"))
                .maxPool(Window.parse("2x2/2"))
                .conv("conv2", 17, Window.parse("3x3/2+1"))
                .relu()
                .flatten()
                .linear("fc1", 33)
                .relu()
                .linear("fc2", 3)
                .build();
    }

    private static Graph normalized() {
        NetworkBuilder b = new NetworkBuilder("normalized", 3, 3, 8, 7);
        b.bareConv("conv1", 9, Window.parse("3x3+1")).batchNorm("norm1").relu();
        Node shortcut = b.at();
        return b.bareConv("conv2", 9, Window.parse("3x3+1"))
                .batchNorm("norm2")
                .add(shortcut)
                .relu()
                .averagePool(Window.parse("2x2/2"))
                .bareConv("conv3", 20, Window.parse("1x1/2"))
                .batchNorm("norm3")
                .globalAverage()
                .linear("fc", 3)
                .build();
    }

    private static Recipe recipe(String optimizer) {
        Loss loss = new Loss.CrossEntropy(0.1);
        return switch (optimizer) {
            case "adam" -> Recipe.of(loss, new Optimizer.Adam(0.9, 0.99, 1e-8, 0.01, true));
            case "plain" -> Recipe.of(loss, new Optimizer.Sgd(0, 0, false));
            case "clipped" ->
                    new Recipe(
                            new Loss.SquaredHinge(),
                            new Optimizer.Sgd(0.9, 1e-3, true),
                            new Proximal.GroupLasso(0.01),
                            0.5,
                            0.2,
                            List.of(new Recipe.Factor("fc", 0.5)),
                            List.of(new Dropout("conv2", 0.3), new Dropout("fc2", 0.5)));
            default -> Recipe.of(loss, new Optimizer.Sgd(0.9, 1e-3, false));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "adam", "plain", "clipped"})
    void followsTheInterpreter(String optimizer) {
        followsTheInterpreter(StepGraph.training(bound(convolutional()), recipe(optimizer)));
    }

    @Test
    void followsTheInterpreterInTheFrequencyDomain() {
        followsTheInterpreter(
                StepGraph.training(
                        bound(normalized()),
                        recipe("sgd"),
                        StepOptions.DEFAULT.with(FrequencyConv.Use.ALWAYS)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void followsTheInterpreterByMinimalFiltering(int step) {
        StepOptions options =
                StepOptions.DEFAULT
                        .withLowering("*=winograd" + step)
                        .withLowering("*=winograd-correlate" + step);
        StepGraph graph = StepGraph.training(bound(normalized()), recipe("sgd"), options);
        assertThat(CompiledStep.of(graph, 1).parts())
                .extracting(CompiledStep.Part::lowering)
                .contains("winograd" + step, "winograd-correlate" + step);
        followsTheInterpreter(graph);
    }

    /** Rows of so many channels do not lie one behind the other. */
    @ParameterizedTest
    @ValueSource(strings = {"*=computed-conv", "*=winograd4", "*=product"})
    void followsTheInterpreterOfManyChannels(String lowering) {
        Graph wide =
                new NetworkBuilder("wide", 3, 256, 4, 5)
                        .bareConv("conv1", 256, Window.parse("1x1"))
                        .bareConv("conv2", 256, Window.parse("3x3+1"))
                        .batchNorm("norm")
                        .globalAverage()
                        .linear("fc", 3)
                        .build();
        followsTheInterpreter(
                StepGraph.training(
                        bound(wide),
                        recipe("sgd"),
                        StepOptions.DEFAULT.with(FrequencyConv.Use.NEVER).withLowering(lowering)));
    }

    @Test
    void followsTheInterpreterWithATeacher() {
        Recipe recipe =
                Recipe.of(new Loss.Distillation(4, 0.7), new Optimizer.Sgd(0.9, 1e-3, false));
        followsTheInterpreter(StepGraph.training(bound(convolutional()), recipe));
    }

    @Test
    void followsTheInterpreterWithBatchNormalization() {
        followsTheInterpreter(StepGraph.training(bound(normalized()), recipe("sgd")));
    }

    private static void followsTheInterpreter(StepGraph step) {
        CompiledStep compiled = CompiledStep.of(step, 1);
        Map<String, Tensor> values = new HashMap<>();
        RandomStream random = RandomStream.of(1, "test", "input");
        for (Node input : step.graph().inputs()) {
            String name = ((Input) input.op()).name();
            float[] numbers = new float[input.shape().count()];
            for (int i = 0; i < numbers.length && isDrawn(name); i++) {
                numbers[i] = (float) random.normal(i);
            }
            values.put(name, Tensor.f32(input.shape(), numbers));
        }
        step.parameters()
                .forEach(
                        p ->
                                values.put(
                                        p.name(),
                                        Tensor.f32(
                                                p.input().shape(),
                                                p.stored(p.initial().floats()))));
        values.put(
                StepGraph.LABELS,
                Tensor.f32(requireNonNull(values.get(StepGraph.LABELS)).shape(), 0, 1, 2, 1, 0));
        values.forEach((name, value) -> compiled.set(name, value.floats()));
        for (int i = 1; i <= 3; i++) {
            values.put(StepGraph.RATE, Tensor.scalar(0.1f));
            values.put(StepGraph.STEP, Tensor.scalar(i));
            compiled.set(StepGraph.RATE, 0.1f);
            compiled.set(StepGraph.STEP, i);
            values.forEach(
                    (name, value) -> {
                        if (isDrawn(name) || name.equals(StepGraph.LABELS)) {
                            compiled.set(name, value.floats());
                        }
                    });
            compiled.run();
            Map<String, Tensor> expected = Interpreter.run(step.graph(), values);
            expected.forEach(
                    (name, tensor) -> assertClose(name, compiled.get(name), tensor.toFloats()));
            step.state()
                    .forEach(
                            (output, input) -> {
                                Tensor next = requireNonNull(expected.get(output));
                                values.put(input, Tensor.f32(next.shape(), next.toFloats()));
                            });
        }
    }

    private static boolean isDrawn(String input) {
        return input.equals("input")
                || input.equals(StepGraph.TEACHER)
                || input.endsWith(".dropout");
    }

    private static void assertClose(String name, float[] seen, float[] expected) {
        double scale = 1e-3;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            scale = Math.max(scale, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(seen[i] - expected[i]));
        }
        assertThat(worst / scale).as(name).isLessThan(2e-4);
    }

    @Test
    void doesNotDependOnThreads() {
        StepGraph step = StepGraph.training(bound(normalized()), recipe("sgd"));
        assertEqualBits(step, CompiledStep.of(step, 1), CompiledStep.of(step, 3));
    }

    @Test
    void recomputesToTheSameBitsInLessMemory() {
        NetworkBuilder b = new NetworkBuilder("deep", 3, 3, 8, 7);
        for (int i = 1; i <= 6; i++) {
            b.bareConv("conv" + i, 17, Window.parse("3x3+1")).batchNorm("norm" + i).relu();
        }
        Graph deep = bound(b.globalAverage().linear("fc", 3).build());
        StepOptions options = StepOptions.DEFAULT.withRecompute(true);
        StepGraph kept = StepGraph.training(deep, recipe("sgd"));
        StepGraph again = StepGraph.training(deep, recipe("sgd"), options);
        CompiledStep keeping = CompiledStep.of(kept, 1);
        CompiledStep recomputing = CompiledStep.of(again, 1);
        assertThat(recomputing.arenaLength()).isLessThan(keeping.arenaLength() * 4 / 5);
        assertEqualBits(kept, keeping, recomputing);
    }

    private static void assertEqualBits(StepGraph step, CompiledStep one, CompiledStep other) {
        for (CompiledStep compiled : new CompiledStep[] {one, other}) {
            step.parameters().forEach(p -> compiled.set(p.name(), p.stored(p.initial().floats())));
            compiled.set(StepGraph.RATE, 0.1f);
            for (int i = 0; i < 5; i++) {
                compiled.set(StepGraph.LABELS, 2, 1, 0, 1, 2);
                float[] x = new float[BATCH * 3 * 8 * 7];
                for (int j = 0; j < x.length; j++) {
                    x[j] = (float) Math.sin(j + i);
                }
                compiled.set("input", x);
                compiled.run();
            }
        }
        step.parameters()
                .forEach(p -> assertThat(other.get(p.name())).isEqualTo(one.get(p.name())));
    }
}
