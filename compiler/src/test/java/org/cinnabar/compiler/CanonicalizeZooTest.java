package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.cinnabar.frontend.ImportOptions;
import org.cinnabar.frontend.OnnxImporter;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.passes.Pipelines;
import org.cinnabar.testkit.Agreement;
import org.cinnabar.testkit.Inputs;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole networks in canonical form, where they are at hand: CINNABAR_ZOO and CINNABAR_SHARED name
 * the folders.
 */
class CanonicalizeZooTest {
    /** What compiled models are held to; nets of random weights amplify what is rounded. */
    private static final double TOLERANCE = 1e-3;

    /** The pipeline itself verifies the stages. */
    @TestFactory
    Stream<DynamicTest> everyModelBecomesCanonical() throws IOException {
        List<Path> models = models();
        assumeTrue(!models.isEmpty(), "no models: set CINNABAR_ZOO or CINNABAR_SHARED");
        return models.stream()
                .map(
                        model ->
                                DynamicTest.dynamicTest(
                                        model.getFileName().toString(),
                                        () -> {
                                            Graph before =
                                                    OnnxImporter.read(model, ImportOptions.DEFAULTS)
                                                            .graph();

                                            Graph after = Pipelines.CANONICALIZE.run(before);

                                            assertThat(after.nodes())
                                                    .noneMatch(
                                                            CanonicalizeZooTest
                                                                    ::isScaledConvolution);
                                        }));
    }

    private static boolean isScaledConvolution(Node node) {
        return node.op().equals(new Binary(Binary.Function.MUL)) && node.in(0).op() instanceof Conv;
    }

    @ParameterizedTest
    @CsvSource({
        "lenet5, 1x1x28x28",
        "mobilenet_v2, 1x3x33x33",
        "mobilenet_v3_large, 1x3x33x33",
        "efficientnet_b0, 1x3x33x33",
        "shufflenet_v2_x1_0, 1x3x224x224",
        "densenet121, 1x3x33x33",
        "convnext_tiny, 1x3x33x33",
        "lenet-caffe-mnist, 1x1x28x28",
        "tfc-1w1a-mnist, 3x1x28x28",
        "resnet8-cifar10, 1x3x32x32",
        "resnet20-cifar10, 2x3x32x32",
        "mobilenet-v1-0.25-128, 1x3x33x33",
    })
    void keepsTheValues(String name, String shape) throws IOException {
        Path model = model(name);
        Node input = OnnxImporter.read(model, ImportOptions.DEFAULTS).graph().inputs().getFirst();
        String named = ((Input) input.op()).name() + "=" + shape;
        Graph before = OnnxImporter.read(model, ImportOptions.DEFAULTS.withShape(named)).graph();
        Map<String, Tensor> inputs = Inputs.random(Symbols.bind(before, Map.of()), new Random(1));

        List<Tensor> expected = List.copyOf(Interpreter.run(before, inputs).values());
        List<Tensor> actual =
                List.copyOf(Interpreter.run(Pipelines.CANONICALIZE.run(before), inputs).values());

        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            Agreement.check(name, expected.get(i), actual.get(i), TOLERANCE);
        }
    }

    @ParameterizedTest
    @CsvSource({"convnext_tiny, 0", "shufflenet_v2_x1_0, 16"})
    void leavesTransposesOnlyWhereTheyMix(String name, int transposes) throws IOException {
        Graph graph =
                Pipelines.CANONICALIZE.run(
                        OnnxImporter.read(model(name), ImportOptions.DEFAULTS).graph());

        assertThat(graph.nodes())
                .filteredOn(node -> node.op() instanceof Transpose)
                .hasSize(transposes);
    }

    @ParameterizedTest
    @CsvSource({"inception_v3", "resnet50", "mobilenet_v2"})
    void leavesNoPaddingBeforeWindows(String name) throws IOException {
        Graph graph =
                Pipelines.CANONICALIZE.run(
                        OnnxImporter.read(model(name), ImportOptions.DEFAULTS).graph());

        assertThat(graph.nodes()).noneMatch(node -> node.op() instanceof Pad);
    }

    private static Path model(String name) throws IOException {
        Optional<Path> model =
                models().stream()
                        .filter(path -> path.getFileName().toString().equals(name + ".onnx"))
                        .findFirst();
        assumeTrue(
                model.isPresent(), "no model " + name + ": set CINNABAR_ZOO and CINNABAR_SHARED");
        return model.orElseThrow();
    }

    private static List<Path> models() throws IOException {
        try (Stream<Path> zoo = walk(folder("CINNABAR_ZOO"));
                Stream<Path> shared =
                        walk(folder("CINNABAR_SHARED").or(() -> relative("../../shared")))) {
            return Stream.concat(zoo, shared)
                    .filter(file -> file.toString().endsWith(".onnx"))
                    .sorted()
                    .toList();
        }
    }

    /** For {@link #models}, which closes it. */
    @SuppressWarnings("StreamResourceLeak")
    private static Stream<Path> walk(Optional<Path> folder) throws IOException {
        return folder.isPresent() ? Files.walk(folder.get(), 3) : Stream.empty();
    }

    private static Optional<Path> folder(String variable) {
        return Optional.ofNullable(System.getenv(variable))
                .map(Path::of)
                .filter(Files::isDirectory);
    }

    private static Optional<Path> relative(String folder) {
        return Optional.of(Path.of(folder)).filter(Files::isDirectory);
    }
}
