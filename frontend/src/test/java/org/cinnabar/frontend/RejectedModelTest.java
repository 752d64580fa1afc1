package org.cinnabar.frontend;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cinnabar.frontend.OnnxModel.integer;
import static org.cinnabar.frontend.OnnxModel.ints;
import static org.cinnabar.frontend.OnnxModel.model;
import static org.cinnabar.frontend.OnnxModel.tensor;
import static org.cinnabar.frontend.OnnxModel.text;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.cinnabar.frontend.onnx.StringStringEntryProto;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.onnx.TensorProto.DataType;
import org.cinnabar.ir.text.GraphPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad models: one line each says where, what was expected, what was seen, and what to do. */
class RejectedModelTest {
    @TempDir private Path folder;

    @Test
    void reportsEveryProblemAtOnce() {
        OnnxModel model =
                model(13)
                        .input("x", "1x3")
                        .node("a = Frobnicate(x)")
                        .node("b = Softmax(x)", text("mood", "calm"))
                        .node("c = Add(x, missing)")
                        .node("y = Concat(a, b, c)", integer("axis", 1))
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        """
                node add_c (Add): expected a value 'missing' from an input, an initializer or a node, \
                got no definition of it; export the model again
                node frobnicate_a (Frobnicate, opset 13): expected a supported operator, got Frobnicate; \
                export the model without it, or add an importer for it
                node softmax_b (Softmax, opset 13): expected attributes of Softmax in this opset, \
                got mood="calm"; export the model without it""");
    }

    @Test
    void namesTheNodesOnACycle() {
        OnnxModel model =
                model(13)
                        .input("x", "3")
                        .node("a = Add(x, c)")
                        .node("b = Relu(a)")
                        .node("c = Relu(b)")
                        .node("y = Relu(c)")
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "graph: expected no cycle, got relu_c <- relu_b <- add_a <- relu_c; export the model again");
    }

    @Test
    void namesBothDefinitionsOfAValue() {
        OnnxModel model =
                model(13).input("x", "3").node("y = Relu(x)").node("y = Neg(x)").output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "value y: expected one definition, got node relu_y (Relu) and node neg_y (Neg); "
                                + "rename one of them");
    }

    @Test
    void namesTheNodeWhoseShapesDoNotFit() {
        OnnxModel model =
                model(13).input("a", "2x3").input("b", "2x4").node("y = Add(a, b)").output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "node add_y (Add, opset 13): expected operands that fit, "
                                + "got shapes [2,3] and [2,4] do not broadcast; "
                                + "check the shapes in the model, or those given with --shape");
    }

    @Test
    void namesTheNodeWhoseRankIsTooLow() {
        OnnxModel model = model(14).input("x", "3").node("y = Trilu(x)").output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "node trilu_y (Trilu, opset 14): expected operands that fit, got [f32[3]]; "
                                + "check the shapes in the model, or those given with --shape");
    }

    @Test
    void namesAnAttributeValueThatIsNotSupported() {
        OnnxModel model =
                model(15)
                        .input("x", "1x3x4x4")
                        .floats("p", "3", 1)
                        .node("y = BatchNormalization(x, p, p, p, p)", integer("training_mode", 1))
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "node batchnormalization_y (BatchNormalization, opset 15): "
                                + "expected the inference form, training_mode=0, got training_mode=1; "
                                + "export the model without it");
    }

    @Test
    void asksForAConstantWeight() {
        OnnxModel model =
                model(13)
                        .input("x", "1x3x4x4")
                        .input("w", "8x3x1x1")
                        .node("y = Conv(x, w)")
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "node conv_y (Conv, opset 13): expected a constant weight (operand 1), "
                                + "got a value computed from the model's inputs, f32[8,3,1,1]; "
                                + "export the model with a fixed weight");
    }

    @Test
    void namesAResultThatIsNotSupported() {
        OnnxModel model =
                model(13)
                        .input("x", "1x3x4x4")
                        .node("y, where = MaxPool(x)", ints("kernel_shape", 2, 2))
                        .output("y", "where");
        assertThatThrownBy(model::read)
                .hasMessageContaining(
                        "node maxpool_y (MaxPool, opset 13): expected no use of output 1, got 'where'");
    }

    @Test
    void saysThatControlFlowIsNotSupported() {
        OnnxModel model = model(13).input("x", "3").node("y = If(x)").output("y");
        assertThatThrownBy(model::read).hasMessageContaining("got If, which contains subgraphs");
    }

    @Test
    void namesTheOpsetThatIsTooOld() {
        OnnxModel model = model(6).input("x", "3").node("y = Relu(x)").output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "model: expected opset 7 to 25, got opset 6; "
                                + "convert the model with onnx.version_converter");
    }

    @Test
    void warnsOfAnOpsetFromTheFuture() {
        Imported imported = model(99).input("x", "3").node("y = Relu(x)").output("y").read();
        assertThat(imported.warnings())
                .singleElement()
                .hasToString(
                        "model: expected opset 7 to 25, got opset 99; operators may have changed");
    }

    @Test
    void namesTheInitializerThatIsNotFinite() {
        OnnxModel model =
                model(13)
                        .input("x", "1x1")
                        .floats("w", "1x3", 1, Double.NaN, 2)
                        .node("y = MatMul(x, w)")
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "initializer w: expected finite numbers, got NaN at index 1; "
                                + "train or export the model again");
    }

    @Test
    void allocatesNothingForElementsThatAreNotThere() {
        TensorProto.Builder huge =
                tensor("w", DataType.FLOAT, "1000x1000x1000")
                        .setRawData(ByteString.copyFrom(new byte[8]));
        OnnxModel model =
                model(13).input("x", "3").initializer(huge).node("y = Add(x, w)").output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "initializer w: expected 4000000000 bytes for FLOAT[1000,1000,1000], got 8; "
                                + "the file is damaged; export the model again");
    }

    @Test
    void rejectsMoreElementsThanAnArrayHolds() {
        OnnxModel model =
                model(13)
                        .input("x", "3")
                        .initializer(tensor("w", DataType.FLOAT, "1000000x1000000"))
                        .node("y = Add(x, w)")
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessageContaining("initializer w: expected at most 2147483647 elements");
    }

    @Test
    void makesNoConstantsWithoutBound() {
        OnnxModel range =
                model(13)
                        .input("x", "1")
                        .longs("zero", 0)
                        .longs("one", 1)
                        .longs("many", 1L << 40)
                        .node("r = Range(zero, many, one)")
                        .node("y = Gather(x, r)")
                        .output("y");
        assertThatThrownBy(range::read)
                .hasMessageContaining("expected at most 67108864 made numbers, got 1099511627776");
    }

    @Test
    void rejectsNegativeExtents() {
        OnnxModel model =
                model(13)
                        .input("x", "-5x3")
                        .initializer(tensor("w", DataType.FLOAT, "-2x3"))
                        .node("y = Add(x, w)")
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessageContaining("input x: expected extents of 0 to 2147483647, got -5")
                .hasMessageContaining(
                        "initializer w: expected extents of at least 0, got dims [-2, 3]");
    }

    @Test
    void namesElementTypesThatAreNotSupported() {
        OnnxModel model =
                model(13).input("x", DataType.STRING, "3").node("y = Identity(x)").output("y");
        assertThatThrownBy(model::read)
                .hasMessageContaining("input x: expected elements of")
                .hasMessageContaining("STRING");
    }

    @Test
    void recognisesAFileThatIsCutOff() {
        byte[] whole =
                model(13)
                        .input("x", "1x3")
                        .floats("w", "3x9", 1)
                        .node("y = MatMul(x, w)")
                        .output("y")
                        .bytes();
        for (int length = 2; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> OnnxImporter.read(part, ImportOptions.DEFAULTS))
                    .isInstanceOf(ImportException.class);
        }
        assertThatThrownBy(
                        () -> OnnxImporter.read(Arrays.copyOf(whole, 50), ImportOptions.DEFAULTS))
                .hasMessage(
                        "model: expected an ONNX model, got one that is cut off or damaged (50 bytes); "
                                + "fetch or export the file again");
    }

    /** A damaged byte leaves a model, or is reported; nothing else happens, and soon. */
    @Test
    void survivesDamageToAnyByte() {
        byte[] whole =
                model(13)
                        .input("x", "Nx2x7x5")
                        .floats("w", "3x2x3x3", 1)
                        .floats("b", "3", 1, 2, 3)
                        .longs("shape", 0, -1)
                        .longs("starts", 1)
                        .longs("ends", 4)
                        .node("a = Conv(x, w, b)", ints("strides", 2, 1), ints("pads", 1, 1, 1, 1))
                        .node(
                                "p = AveragePool(a)",
                                ints("kernel_shape", 2, 2),
                                integer("ceil_mode", 1))
                        .node("r = Reshape(p, shape)")
                        .node("s = Slice(r, starts, ends)")
                        .node("y = Softmax(s)")
                        .output("y")
                        .bytes();
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit += 3) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << bit);
                try {
                    OnnxImporter.read(damaged, ImportOptions.DEFAULTS);
                } catch (ImportException e) {
                    assertThat(e.diagnostics()).isNotEmpty();
                }
            }
        }
    }

    @Test
    void saysWhatAFileIsThatIsNoModel() {
        assertThat(kindOf(new byte[0])).contains("an empty file");
        assertThat(kindOf(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}))
                .contains("a PNG image");
        assertThat(kindOf("name: mobilenet\n".getBytes(StandardCharsets.UTF_8)))
                .contains("a text file");
        assertThat(
                        kindOf(
                                "version https://git-lfs.github.com/spec/v1\n"
                                        .getBytes(StandardCharsets.UTF_8)))
                .contains("a Git LFS pointer");
        assertThat(kindOf(new byte[] {(byte) 0xff, 1, 2, 3})).contains("4 bytes of another format");
    }

    private static String kindOf(byte[] bytes) {
        try {
            OnnxImporter.read(bytes, ImportOptions.DEFAULTS);
            throw new AssertionError("imported");
        } catch (ImportException e) {
            return requireNonNull(e.getMessage());
        }
    }

    @Test
    void namesAFileThatDoesNotExist() {
        assertThatThrownBy(
                        () -> OnnxImporter.read(folder.resolve("no.onnx"), ImportOptions.DEFAULTS))
                .hasMessageEndingWith("no.onnx: expected a file, got no such file; check the path");
    }

    @Test
    void readsExternalDataBesideTheModel() throws IOException {
        Path model = externalModel("weights.bin", "4");
        Files.write(
                folder.resolve("weights.bin"),
                new byte[] {9, 9, 9, 9, 0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40});
        assertThat(OnnxImporter.read(model, ImportOptions.DEFAULTS).graph().outputs()).hasSize(1);
        assertThat(GraphPrinter.print(OnnxImporter.read(model, ImportOptions.DEFAULTS).graph()))
                .contains("const f32[2] [1,2]");
    }

    @Test
    void rejectsExternalDataBeyondTheFile() throws IOException {
        Path model = externalModel("weights.bin", "8");
        Files.write(folder.resolve("weights.bin"), new byte[12]);
        assertThatThrownBy(() -> OnnxImporter.read(model, ImportOptions.DEFAULTS))
                .hasMessage(
                        "initializer w: expected 8 bytes from offset 8 of external file weights.bin, "
                                + "got a file of 12 bytes; fetch or export the file again");
    }

    @Test
    void confinesExternalDataToTheModelsFolder() throws IOException {
        Path outside = Files.createTempFile(folder.getParent(), "outside", ".bin");
        Path model = externalModel("../" + outside.getFileName(), "0");
        assertThatThrownBy(() -> OnnxImporter.read(model, ImportOptions.DEFAULTS))
                .hasMessageContaining(
                        "initializer w: expected an external file inside the model's folder");
    }

    private Path externalModel(String location, String offset) throws IOException {
        TensorProto.Builder weight =
                tensor("w", DataType.FLOAT, "2")
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", location))
                        .addExternalData(entry("offset", offset))
                        .addExternalData(entry("length", "8"));
        byte[] bytes =
                model(13)
                        .input("x", "2")
                        .initializer(weight)
                        .node("y = Add(x, w)")
                        .output("y")
                        .bytes();
        return Files.write(folder.resolve("model.onnx"), bytes);
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
