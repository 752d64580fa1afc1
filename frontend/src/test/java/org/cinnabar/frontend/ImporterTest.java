package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.frontend.OnnxModel.integer;
import static org.cinnabar.frontend.OnnxModel.ints;
import static org.cinnabar.frontend.OnnxModel.model;
import static org.cinnabar.frontend.OnnxModel.number;
import static org.cinnabar.frontend.OnnxModel.text;

import org.junit.jupiter.api.Test;

/** What operators become in core ops. */
class ImporterTest {
    @Test
    void makesTheWeightAnOperandAndTheBiasAnAddition() {
        String graph =
                model(13)
                        .input("x", "1x2x5x5")
                        .floats("w", "3x2x3x3", 1)
                        .floats("b", "3", 1, 2, 3)
                        .node("y = Conv(x, w, b)", ints("strides", 2, 2), ints("pads", 1, 1, 1, 1))
                        .output("y")
                        .text();
        assertThat(graph)
                .isEqualTo(
                        """
                graph @net(%x: f32[1,2,5,5]) -> (%y: f32[1,3,3,3]) {
                  %1 = conv(%x, @w1) window=3x3/2+1 groups=1 : f32[1,3,3,3]  ; conv_y (Conv)
                  %2 = const f32[3,1,1] [1,2,3]  ; conv_y (Conv)
                  %y = add(%1, %2) : f32[1,3,3,3]  ; conv_y (Conv)
                }
                @w1 = matrix(f32[3,18] 1)  ; conv_y (Conv)
                """);
    }

    @Test
    void composesHardSwishOfAMultiplicationAndAClip() {
        String graph = model(14).input("x", "Nx2").node("y = HardSwish(x)").output("y").text();
        assertThat(graph)
                .isEqualTo(
                        """
                graph @net(%x: f32[N,2]) -> (%y: f32[N,2]) {
                  %1 = const f32[] 0.16666667  ; hardswish_y (HardSwish)
                  %2 = mul(%x, %1) : f32[N,2]  ; hardswish_y (HardSwish)
                  %3 = const f32[] 0.5  ; hardswish_y (HardSwish)
                  %4 = add(%2, %3) : f32[N,2]  ; hardswish_y (HardSwish)
                  %5 = clip(%4) low=0 high=1 : f32[N,2]  ; hardswish_y (HardSwish)
                  %y = mul(%x, %5) : f32[N,2]  ; hardswish_y (HardSwish)
                }
                """);
    }

    @Test
    void normalisesAllTrailingAxesInTheSoftmaxBeforeOpset13() {
        OnnxModel old = model(12).input("x", "Nx2x3").node("y = Softmax(x)").output("y");
        OnnxModel current = model(13).input("x", "Nx2x3").node("y = Softmax(x)").output("y");
        assertThat(old.text()).contains("f=max axes=[1,2]", "f=sum axes=[1,2]");
        assertThat(current.text()).contains("f=max axes=[2]", "f=sum axes=[2]");
    }

    @Test
    void transposesTheConstantFactorOfAMatrixProduct() {
        String graph =
                model(13)
                        .input("x", "Nx7x2")
                        .floats("b", "2x3", 1, 2, 3, 4, 5, 6)
                        .node("y = MatMul(x, b)")
                        .output("y")
                        .text();
        assertThat(graph)
                .isEqualTo(
                        """
                graph @net(%x: f32[N,7,2]) -> (%y: f32[N,7,3]) {
                  %y = linear(%x, @w1) : f32[N,7,3]  ; matmul_y (MatMul)
                }
                @w1 = matrix(f32[3,2] [1,4,2,5,3,6])  ; matmul_y (MatMul)
                """);
    }

    @Test
    void sharesTheWeightOfTwoUsers() {
        String graph =
                model(13)
                        .input("x", "Nx2")
                        .floats("w", "2x2", 1)
                        .node("t = Gemm(x, w)", integer("transB", 1))
                        .node("y = Gemm(t, w)", integer("transB", 1))
                        .output("y")
                        .text();
        assertThat(graph).contains("linear(%x, @w1)", "linear(%1, @w1)").doesNotContain("@w2");
    }

    @Test
    void leavesDropoutAndIdentityOut() {
        String graph =
                model(13)
                        .input("x", "Nx2")
                        .node("a = Identity(x)")
                        .node("b, mask = Dropout(a)")
                        .node("y = Relu(b)")
                        .output("y")
                        .text();
        assertThat(graph)
                .isEqualTo(
                        """
                graph @net(%x: f32[N,2]) -> (%y: f32[N,2]) {
                  %y = relu(%x) : f32[N,2]  ; relu_y (Relu)
                }
                """);
    }

    @Test
    void roundsThePositionsOfAPoolUpByPaddingTheEnd() {
        OnnxModel pool =
                model(13)
                        .input("x", "1x1x6x7")
                        .node(
                                "y = MaxPool(x)",
                                ints("kernel_shape", 3, 3),
                                ints("strides", 2, 2),
                                integer("ceil_mode", 1))
                        .output("y");
        assertThat(pool.text()).contains("window=3x3/2+0:1x0", "f32[1,1,3,3]");
    }

    @Test
    void leavesOutAPositionInThePaddingAlone() {
        OnnxModel pool =
                model(13)
                        .input("x", "1x1x5")
                        .node(
                                "y = MaxPool(x)",
                                ints("kernel_shape", 1),
                                ints("strides", 3),
                                integer("ceil_mode", 1))
                        .output("y");
        assertThat(pool.shapes()).containsExactly("[1,1,2]");
    }

    @Test
    void countsTheModelsOwnPaddingButNotThatOfRoundingUp() {
        String graph =
                model(13)
                        .input("x", "1x1x7")
                        .node(
                                "y = AveragePool(x)",
                                ints("kernel_shape", 3),
                                ints("strides", 2),
                                ints("pads", 1, 0),
                                integer("ceil_mode", 1),
                                integer("count_include_pad", 1))
                        .output("y")
                        .text();
        assertThat(graph)
                .contains("pad(%x) begin=[0,0,1] end=[0,0,0]")
                .doesNotContain("countPadding=true");
    }

    @Test
    void repeatsElementsInAnUpsamplingByAWholeFactor() {
        String graph =
                model(11)
                        .input("x", "1x3xHxW")
                        .floats("scales", "4", 1, 1, 2, 2)
                        .node(
                                "y = Resize(x, , scales)",
                                text("coordinate_transformation_mode", "asymmetric"),
                                text("nearest_mode", "floor"))
                        .output("y")
                        .text();
        assertThat(graph).contains("expand", ": f32[1,3,2*H,2*W]").doesNotContain("gather");
    }

    @Test
    void swapsTheSidesOfGreater() {
        String graph =
                model(13)
                        .input("a", "3")
                        .input("b", "3")
                        .node("y = Greater(a, b)")
                        .output("y")
                        .text();
        assertThat(graph).contains("%y = less(%b, %a) : bool[3]");
    }

    @Test
    void readsBoundsFromAttributesAndFromOperands() {
        OnnxModel old =
                model(6 + 1)
                        .input("x", "5")
                        .node("y = Clip(x)", number("min", 0), number("max", 6))
                        .output("y");
        OnnxModel current =
                model(13)
                        .input("x", "5")
                        .floats("low", "", 0)
                        .floats("high", "", 6)
                        .node("y = Clip(x, low, high)")
                        .output("y");
        assertThat(old.text()).isEqualTo(current.text()).contains("clip(%x) low=0 high=6");
    }

    @Test
    void evaluatesBoundsThatOtherNodesCompute() {
        OnnxModel model =
                model(13)
                        .input("x", "5")
                        .floats("three", "", 3)
                        .node("six = Add(three, three)")
                        .node("y = Clip(x, , six)")
                        .output("y");
        assertThat(model.text()).contains("clip(%x) low=-inf high=6");
    }

    @Test
    void countsNegativeIndicesFromTheEnd() {
        OnnxModel model =
                model(13)
                        .input("x", "4x3")
                        .longs("last", -1)
                        .node("y = Gather(x, last)", integer("axis", 1))
                        .output("y");
        assertThat(model.text()).contains("const i64[1] 2", "gather(%x, %1) axis=1");
    }

    @Test
    void cutsNegativePaddingOff() {
        OnnxModel model =
                model(13).input("x", "5").longs("pads", -1, 2).node("y = Pad(x, pads)").output("y");
        assertThat(model.text()).contains("slice(%x) axis=0 start=1 step=1 count=4", "f32[6]");
    }

    @Test
    void importsOnlyWhatTheOutputsNeed() {
        OnnxModel model =
                model(13)
                        .input("x", "5")
                        .node("unused = NoSuchOperator(x)")
                        .node("y = Relu(x)")
                        .output("y");
        assertThat(model.shapes()).containsExactly("[5]");
    }
}
