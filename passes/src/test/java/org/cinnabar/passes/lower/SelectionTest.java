package org.cinnabar.passes.lower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
    private static Graph depthwise(String name) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(1, 6, 5, 7));
        Node w = b.weight(new Matrix(F32.of(new float[6 * 9], 6, 9)));
        Node y = b.at(new Origin(name, "Conv")).node(new Conv(Window.square(3, 1, 1), 6), x, w);
        return new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
    }

    private static String chosen(String... requests) {
        Selection selection = Selection.DEFAULT;
        for (String request : requests) {
            selection = selection.with(Selection.Request.parse(request));
        }
        return Fusion.groups(depthwise("/a/conv_1"), selection).getFirst().lowering().name();
    }

    @Test
    void lastRequestThatAppliesCounts() {
        assertThat(chosen()).isEqualTo("depthwise");
        assertThat(chosen("*=direct")).isEqualTo("depthwise");
        assertThat(chosen("*=fft16")).isEqualTo("fft16");
        assertThat(chosen("*=fft16", "/a/conv_1=depthwise")).isEqualTo("depthwise");
        assertThat(chosen("/a/conv_1=depthwise", "*=fft16")).isEqualTo("fft16");
        assertThat(chosen("/a/conv_1=fft16", "*=gemm")).isEqualTo("fft16");
    }

    @ParameterizedTest
    @CsvSource({
        "*, conv, true",
        "conv, conv, true",
        "conv, conv_1, false",
        "con*, conv_1, true",
        "*_1, conv_1, true",
        "c*v*1, conv_1, true",
        "*conv*, conv, true",
        "conv*v, conv, false",
        "*x*, conv, false",
        "*_1_1, a_1, false"
    })
    void starStandsForAnyText(String pattern, String label, boolean matches) {
        assertThat(new Selection.Request(pattern, "direct").speaksOf(label)).isEqualTo(matches);
    }

    @Test
    void namesWhatCannotBeMet() {
        assertThatThrownBy(() -> Selection.Request.parse("conv"))
                .hasMessageContaining("expected NODE=LOWERING");
        assertThatThrownBy(() -> Selection.Request.parse("conv=fast"))
                .hasMessageContaining("'conv=fast'");
        assertThatThrownBy(() -> chosen("conv=direct"))
                .isInstanceOf(LoweringException.class)
                .hasMessageContaining("got 'conv'");
        assertThatThrownBy(() -> chosen("/a/conv_1=gemm"))
                .hasMessageContaining("cannot be computed by gemm, only by [depthwise, fft");
    }
}
