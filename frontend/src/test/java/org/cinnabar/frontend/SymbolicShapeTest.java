package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cinnabar.frontend.OnnxModel.integer;
import static org.cinnabar.frontend.OnnxModel.ints;
import static org.cinnabar.frontend.OnnxModel.model;
import static org.cinnabar.frontend.OnnxModel.text;

import org.cinnabar.frontend.onnx.AttributeProto;
import org.cinnabar.frontend.onnx.TensorProto.DataType;
import org.junit.jupiter.api.Test;

/** Extents that stay open, and the small computations by which exporters pass them on. */
class SymbolicShapeTest {
    @Test
    void carriesBatchAndImageSizeThroughAConvolution() {
        OnnxModel model =
                model(13)
                        .input("x", "Nx3xHxW")
                        .floats("w", "8x3x3x3", 1)
                        .node("y = Conv(x, w)", ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
                        .output("y");
        assertThat(model.shapes()).containsExactly("[N,8,(H+1)/2,(W+1)/2]");
    }

    @Test
    void flattensByAShapeComputedFromTheInput() {
        OnnxModel model =
                model(13)
                        .input("x", "Nx16xHxW")
                        .longs("zero", 0)
                        .longs("rest", -1)
                        .node("shape = Shape(x)")
                        .node("n = Gather(shape, zero)")
                        .node("target = Concat(n, rest)", integer("axis", 0))
                        .node("y = Reshape(x, target)")
                        .output("y");
        assertThat(model.text())
                .isEqualTo(
                        """
                graph @net(%x: f32[N,16,H,W]) -> (%y: f32[N,16*H*W]) {
                  %y = reshape(%x) shape=[N,16*H*W] : f32[N,16*H*W]  ; reshape_y (Reshape)
                }
                """);
    }

    @Test
    void upsamplesToASizeComputedInFloats() {
        OnnxModel model =
                model(13)
                        .input("x", "1x3xHxW")
                        .longs("two", 2)
                        .longs("four", 4)
                        .longs("channels", 1, 3)
                        .floats("factor", "1", 2)
                        .node("shape = Shape(x)")
                        .node("size = Slice(shape, two, four)")
                        .node("real = Cast(size)", integer("to", DataType.FLOAT_VALUE))
                        .node("scaled = Mul(real, factor)")
                        .node("floor = Floor(scaled)")
                        .node("whole = Cast(floor)", integer("to", DataType.INT64_VALUE))
                        .node("sizes = Concat(channels, whole)", integer("axis", 0))
                        .node("y = Resize(x, , , sizes)", text("mode", "nearest"))
                        .output("y");
        assertThat(model.shapes()).containsExactly("[1,3,2*H,2*W]");
    }

    @Test
    void expandsByAShapeWithPlaceholdersForOne() {
        OnnxModel model =
                model(13)
                        .input("x", "Nx1")
                        .longs("minus", -1, -1)
                        .longs("one", 1)
                        .longs("two", 2)
                        .longs("width", 7)
                        .node("shape = Shape(x)")
                        .node("n = Slice(shape, zero, one)")
                        .longs("zero", 0)
                        .node("target = Concat(n, width)", integer("axis", 0))
                        .node("isMinus = Equal(target, minus)")
                        .node("ones = ConstantOfShape(two)", one())
                        .node("picked = Where(isMinus, ones, target)")
                        .node("y = Expand(x, picked)")
                        .output("y");
        assertThat(model.shapes()).containsExactly("[N,7]");
    }

    private static AttributeProto one() {
        return AttributeProto.newBuilder()
                .setName("value")
                .setType(AttributeProto.AttributeType.TENSOR)
                .setT(OnnxModel.tensor("", DataType.INT64, "1").addInt64Data(1))
                .build();
    }

    @Test
    void dividesChannelsOfAChannelShuffle() {
        OnnxModel model =
                model(13)
                        .input("x", "Nx116xHxW")
                        .longs("zero", 0)
                        .longs("one", 1)
                        .longs("groups", 2)
                        .longs("rest", -1)
                        .node("shape = Shape(x)")
                        .node("n = Gather(shape, zero)")
                        .node("c = Gather(shape, one)")
                        .node("perGroup = Div(c, groups)")
                        .node("target = Concat(n, groups, perGroup, rest)", integer("axis", 0))
                        .node("y = Reshape(x, target)")
                        .output("y");
        assertThat(model.shapes()).containsExactly("[N,2,58,H*W]");
    }

    @Test
    void fixesSymbolicExtents() {
        OnnxModel model = model(13).input("x", "Nx3xHxW").node("y = Relu(x)").output("y");
        ImportOptions options = ImportOptions.DEFAULTS.withShape("x=2x3x7xW");
        assertThat(model.read(options).graph().outputs().getFirst().node().type())
                .hasToString("f32[2,3,7,W]");
    }

    @Test
    void namesTheInputsWhenAShapeIsGivenForAnother() {
        OnnxModel model = model(13).input("x", "Nx3").node("y = Relu(x)").output("y");
        assertThatThrownBy(() -> model.read(ImportOptions.DEFAULTS.withShape("data=1x3")))
                .hasMessage("option --shape data=[1,3]: expected one of the inputs [x], got data");
    }

    @Test
    void rejectsAShapeOfAnotherRank() {
        OnnxModel model = model(13).input("x", "Nx3").node("y = Relu(x)").output("y");
        assertThatThrownBy(() -> model.read(ImportOptions.DEFAULTS.withShape("x=1x3x2")))
                .hasMessage("input x: expected a shape of rank 2 like [N,3], got --shape [1,3,2]");
    }

    @Test
    void rejectsASymbolicShapeUsedAsData() {
        OnnxModel model =
                model(13).input("x", "Nx3").node("s = Shape(x)").node("y = Neg(s)").output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "node neg_y (Neg): expected a shape as data to be known, got extents [N, 3]; "
                                + "fix the input's extents with --shape");
    }

    @Test
    void asksForExtentsThatSamePaddingDependsOn() {
        OnnxModel model =
                model(13)
                        .input("x", "1x3xHx8")
                        .floats("w", "8x3x3x3", 1)
                        .node(
                                "y = Conv(x, w)",
                                ints("strides", 2, 2),
                                text("auto_pad", "SAME_UPPER"))
                        .output("y");
        assertThatThrownBy(model::read)
                .hasMessage(
                        "node conv_y (Conv, opset 13): expected known extents for auto_pad=SAME with stride 2, "
                                + "got extent H; fix the input's extents with --shape");
    }
}
