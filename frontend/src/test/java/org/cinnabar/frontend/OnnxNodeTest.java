package org.cinnabar.frontend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.NodeProto;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;
import org.cinnabar.frontend.wire.TensorReader;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * ONNX's own tests of single operators, imported and interpreted. A test runs as soon as the
 * support table has its operators; {@link #BEYOND} lists the few that ask for more of a supported
 * operator than is imported.
 */
class OnnxNodeTest {
    /** Debian's package libonnx-testdata. */
    private static final Path DATA = Path.of("/usr/share/libonnx-testdata/data");

    private static final List<String> SUITES =
            List.of("node", "simple", "pytorch-operator", "pytorch-converted");

    private static final Map<String, String> BEYOND =
            Map.of(
                    "batchnorm_.*_training_mode|training_dropout(_default|_mask|_default_mask)?",
                            "training mode",
                    "cast.*STRING.*", "strings",
                    "cast.*_BFLOAT16_to_FLOAT.*|cast.*_FLOAT_to_BFLOAT16.*",
                            "the data holds bfloat16 as plain integers",
                    "identity_opt|identity_sequence", "optional values and sequences",
                    "maxpool_with_argmax.*", "MaxPool with indices",
                    "resize_tf_crop_and_resize", "Resize with a region of interest",
                    "dynamicquantizelinear_expanded",
                            "the data has a tie that only float arithmetic rounds up",
                    "operator_(add|mm).*|Linear|Softsign", "broadcast attribute of opset 6",
                    "BatchNorm.*_eval", "is_test attribute of opset 6",
                    "PReLU_.*_multiparam", "implicit axis of opset 6");

    @TestFactory
    Stream<DynamicTest> agreesWithOnnxOn() throws IOException {
        assumeTrue(Files.isDirectory(DATA), "no ONNX test data: install libonnx-testdata");
        List<Path> cases = new ArrayList<>();
        for (String suite : SUITES) {
            try (Stream<Path> folders = Files.list(DATA.resolve(suite))) {
                folders.filter(folder -> Files.exists(folder.resolve("model.onnx")))
                        .sorted()
                        .forEach(cases::add);
            }
        }
        return cases.stream()
                .map(folder -> DynamicTest.dynamicTest(name(folder), () -> check(folder)));
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }

    private static void check(Path folder) throws IOException {
        ModelProto model =
                modernised(ModelProto.parseFrom(Files.readAllBytes(folder.resolve("model.onnx"))));
        List<String> unsupported = unsupportedOperators(model);
        assumeTrue(unsupported.isEmpty(), () -> "not in the support table: " + unsupported);
        BEYOND.forEach(
                (tests, reason) ->
                        assumeTrue(!name(folder).matches("test_(" + tests + ")"), reason));
        Path data = folder.resolve("test_data_set_0");
        List<TensorProto> inputs = tensors(data, "input", model.getGraph().getInputList());
        List<TensorProto> outputs = tensors(data, "output", model.getGraph().getOutputList());
        SequencedMap<String, Tensor> results = run(model, inputs);
        for (TensorProto output : outputs) {
            assertClose(
                    requireNonNull(results.get(output.getName())), read(output), output.getName());
        }
    }

    /**
     * Models older than the oldest opset differ from it in attributes only, and those are in {@link
     * #BEYOND}.
     */
    private static ModelProto modernised(ModelProto model) {
        ModelProto.Builder changed = model.toBuilder();
        changed.getOpsetImportBuilderList().stream()
                .filter(
                        opset ->
                                opset.getDomain().isEmpty()
                                        && opset.getVersion() < OnnxImporter.OLDEST_OPSET)
                .forEach(opset -> opset.setVersion(OnnxImporter.OLDEST_OPSET));
        return changed.build();
    }

    private static List<String> unsupportedOperators(ModelProto model) {
        return model.getGraph().getNodeList().stream()
                .filter(
                        node ->
                                OnnxImporter.operators().stream()
                                        .noneMatch(row -> supports(row, node)))
                .map(NodeProto::getOpType)
                .distinct()
                .toList();
    }

    private static boolean supports(SupportedOperator row, NodeProto node) {
        return row.operator().equals(node.getOpType()) && row.domain().equals(node.getDomain());
    }

    /**
     * Node tests supply everything as an input, weights, shapes and axes too. What has to be
     * constant is made so: all inputs but the first if the model cannot be imported as it is, then
     * all of them.
     */
    private static SequencedMap<String, Tensor> run(ModelProto model, List<TensorProto> inputs) {
        for (int free = inputs.size(); ; free = Math.min(1, free - 1)) {
            try {
                return run(model, inputs.subList(0, free), inputs.subList(free, inputs.size()));
            } catch (ImportException e) {
                if (free == 0) {
                    throw e;
                }
            }
        }
    }

    private static SequencedMap<String, Tensor> run(
            ModelProto model, List<TensorProto> inputs, List<TensorProto> constants) {
        ModelProto.Builder changed = model.toBuilder();
        changed.getGraphBuilder().addAllInitializer(constants);
        Imported imported =
                OnnxImporter.read(changed.build().toByteArray(), ImportOptions.DEFAULTS);
        Map<String, Tensor> values =
                inputs.stream().collect(Collectors.toMap(TensorProto::getName, OnnxNodeTest::read));
        return Interpreter.run(imported.graph(), values);
    }

    private static Tensor read(TensorProto proto) {
        return new TensorReader(null).read(proto);
    }

    /**
     * The tensors of a test in order, under the names that the model gives them; those left out are
     * skipped.
     */
    private static List<TensorProto> tensors(Path data, String kind, List<ValueInfoProto> names)
            throws IOException {
        List<TensorProto> tensors = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Path file = data.resolve(kind + "_" + i + ".pb");
            if (Files.exists(file)) {
                TensorProto tensor = TensorProto.parseFrom(Files.readAllBytes(file));
                tensors.add(tensor.toBuilder().setName(names.get(i).getName()).build());
            }
        }
        return tensors;
    }

    private static void assertClose(Tensor seen, Tensor expected, String name) {
        assertThat(seen.shape()).as("shape of %s", name).isEqualTo(expected.shape());
        assertThat(seen.dtype().isFloating())
                .as("%s is floating", name)
                .isEqualTo(expected.dtype().isFloating());
        double[] a = seen.toDoubles();
        double[] b = expected.toDoubles();
        for (int i = 0; i < a.length; i++) {
            boolean close =
                    a[i] == b[i]
                            || Double.isNaN(a[i]) && Double.isNaN(b[i])
                            || Math.abs(a[i] - b[i]) <= 1e-5 + 1e-3 * Math.abs(b[i]);
            assertThat(close).as("%s[%d]: expected %s, got %s", name, i, b[i], a[i]).isTrue();
        }
    }
}
