package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.TensorShapeProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;
import org.cinnabar.frontend.wire.ModelFile;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whole networks, where they are at hand: CINNABAR_ZOO and CINNABAR_SHARED name the folders. */
class ModelZooTest {
    @TestFactory
    Stream<DynamicTest> infersTheShapesThatTheModelsDeclare() throws IOException {
        List<Path> models = models();
        assumeTrue(!models.isEmpty(), "no models: set CINNABAR_ZOO or CINNABAR_SHARED");
        return models.stream()
                .map(
                        model ->
                                DynamicTest.dynamicTest(
                                        model.getFileName().toString(),
                                        () -> {
                                            Imported imported =
                                                    OnnxImporter.read(
                                                            model, ImportOptions.DEFAULTS);
                                            assertThat(shapes(imported.graph()))
                                                    .isEqualTo(
                                                            declaredShapes(
                                                                    ModelFile.read(model).proto()));
                                            assertThat(imported.warnings()).isEmpty();
                                        }));
    }

    /** The nets that interpret in less than a second. */
    @TestFactory
    Stream<DynamicTest> computesWhatTorchComputed() {
        Optional<Path> zoo = folder("CINNABAR_ZOO");
        assumeTrue(zoo.isPresent(), "no models: set CINNABAR_ZOO");
        return Stream.of("lenet5", "mobilenet_v3_large", "shufflenet_v2_x1_0", "squeezenet1_1")
                .map(net -> zoo.orElseThrow().resolve(net))
                .filter(Files::isDirectory)
                .map(net -> DynamicTest.dynamicTest(net.toString(), () -> compareWithTorch(net)));
    }

    private static void compareWithTorch(Path folder) throws IOException {
        Graph graph =
                OnnxImporter.read(
                                folder.resolve(folder.getFileName() + ".onnx"),
                                ImportOptions.DEFAULTS)
                        .graph();
        Shape shape = graph.inputs().getFirst().shape();
        float[] input = new float[shape.count()];
        littleEndian(folder.resolve("input.bin")).asFloatBuffer().get(input);
        Tensor output = Interpreter.run(graph, List.of(Tensor.f32(shape, input))).getFirst();
        double[] expected = new double[output.count()];
        littleEndian(folder.resolve("output64.bin")).asDoubleBuffer().get(expected);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        assertThat(output.doubles()).containsExactly(expected, within(1e-5 * largest));
    }

    private static ByteBuffer littleEndian(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void resizesTheInputOfAFullyConvolutionalNet() {
        ImportOptions options = ImportOptions.DEFAULTS.withShape("input=1x3x31x17");
        assertThat(shapes(OnnxImporter.read(shared("espcn_subpixel_float.onnx"), options).graph()))
                .containsExactly("[1,3,93,51]");
    }

    @Test
    void keepsTheExtentsOfAFullyConvolutionalNetSymbolic() {
        ImportOptions options = ImportOptions.DEFAULTS.withShape("input=Nx3xHxW");
        assertThat(shapes(OnnxImporter.read(shared("espcn_subpixel_float.onnx"), options).graph()))
                .containsExactly("[N,3,3*H,3*W]");
    }

    private static Path shared(String model) {
        Optional<Path> shared = folder("CINNABAR_SHARED").or(() -> relative("../../shared"));
        assumeTrue(shared.isPresent(), "no models: set CINNABAR_SHARED");
        return shared.orElseThrow().resolve("models").resolve(model);
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

    private static List<String> shapes(Graph graph) {
        return graph.outputs().stream().map(output -> output.node().shape().toString()).toList();
    }

    private static List<String> declaredShapes(ModelProto model) {
        return model.getGraph().getOutputList().stream().map(ModelZooTest::declaredShape).toList();
    }

    private static String declaredShape(ValueInfoProto value) {
        return value.getType().getTensorType().getShape().getDimList().stream()
                .map(ModelZooTest::extent)
                .toList()
                .toString()
                .replace(" ", "");
    }

    private static String extent(TensorShapeProto.Dimension dim) {
        return dim.hasDimParam() ? dim.getDimParam() : Long.toString(dim.getDimValue());
    }
}
