package org.cinnabar.passes.gradients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Window;
import org.cinnabar.passes.lower.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrequencyConvTest {
    private static Tensor random(TensorType type, int seed) {
        Random random = new Random(seed);
        float[] values = new float[type.shape().count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.f32(type.shape(), values);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5x3", "3x3+1", "1x1", "7x5+3x2", "5x5+4", "3x3+0:1", "3x2+2x1@2x3", "9x7"})
    void agreesWithTheConvolution(String text) {
        Conv conv = new Conv(Window.parse(text), 1);
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(3, 2, 9, 7));
        Node w = b.input("w", TensorType.f32(5, 2L * conv.window().taps()));
        Node direct = b.node(conv, x, w);
        Node g = b.input("g", direct.type());
        FrequencyConv other =
                FrequencyConv.of(conv, x, w, FrequencyConv.Use.ALWAYS, Selection.DEFAULT, b)
                        .orElseThrow();
        List<Node> turned = other.pullback().pull().apply(g);
        ContractionRows rows = new ContractionRows(new Rows(b));
        Graph graph =
                new Graph(
                        "both",
                        List.of(x, w, g),
                        List.of(
                                new Graph.Output("y", direct),
                                new Graph.Output("y'", other.value()),
                                new Graph.Output("gx", rows.pull(direct, 0, g)),
                                new Graph.Output("gx'", turned.get(0)),
                                new Graph.Output("gw", rows.pull(direct, 1, g)),
                                new Graph.Output("gw'", turned.get(1))));
        Map<String, Tensor> results =
                Interpreter.run(
                        graph,
                        Map.of(
                                "x", random(x.type(), 1),
                                "w", random(w.type(), 2),
                                "g", random(g.type(), 3)));
        for (String name : List.of("y", "gx", "gw")) {
            Tensor expected = requireNonNull(results.get(name));
            Tensor seen = requireNonNull(results.get(name + "'"));
            assertThat(seen.shape()).as(name).isEqualTo(expected.shape());
            double[] a = seen.toDoubles();
            double[] e = expected.toDoubles();
            for (int i = 0; i < e.length; i++) {
                assertThat(a[i]).as(name).isCloseTo(e[i], within(2e-5));
            }
        }
    }

    private static boolean pays(String window, long channels) {
        GraphBuilder b = new GraphBuilder();
        Conv conv = new Conv(Window.parse(window), 1);
        Node x = b.input("x", TensorType.f32(32, channels, 32, 32));
        Node w = b.input("w", TensorType.f32(channels, channels * conv.window().taps()));
        return FrequencyConv.of(conv, x, w, FrequencyConv.Use.WHERE_QUICKER, Selection.DEFAULT, b)
                .isPresent();
    }

    @Test
    void paysForWideKernels() {
        assertThat(pays("11x11+5", 64)).isTrue();
        assertThat(pays("1x1", 64)).isFalse();
        assertThat(pays("3x3+1", 16)).isFalse();
    }

    @Test
    void leavesStridesAlone() {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(3, 2, 9, 7));
        Node w = b.input("w", TensorType.f32(5, 18));
        Conv conv = new Conv(Window.parse("3x3/2"), 1);
        assertThat(FrequencyConv.of(conv, x, w, FrequencyConv.Use.ALWAYS, Selection.DEFAULT, b))
                .isEmpty();
    }
}
