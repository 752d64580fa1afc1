package org.cinnabar.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.passes.lower.Chain;
import org.cinnabar.passes.lower.Machine;
import org.cinnabar.passes.lower.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers computed band by band against the interpreter. */
class ChainTest {
    private static final double ROUNDING = 5e-6;

    /** Holds bands of the maps here, but no whole map. */
    private static final int CACHE = 128 << 10;

    private final GraphBuilder b = new GraphBuilder();
    private final Random random = new Random(11);

    /** A machine on which maps of more than half of {@code cache} bytes are slow to hand on. */
    private static Selection machine(double cache) {
        Machine typical = Machine.DEFAULT;
        return Selection.DEFAULT
                .with(Selection.Request.parse("*=direct"))
                .with(Selection.Request.parse("*=depthwise"))
                .withMachine(
                        new Machine(
                                typical.multiplyAdds(),
                                typical.instructions(),
                                1e5,
                                1e5,
                                typical.decodings(),
                                typical.callSeconds(),
                                cache,
                                typical.lastCache()));
    }

    private float[] numbers(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    /** A convolution with a bias, so that zeros beyond the map matter, and a bound. */
    private Node conv(Node x, int outputs, String window, boolean depthwise) {
        Window parsed = Window.parse(window);
        int groups = depthwise ? outputs : 1;
        int depth = x.shape().extent(1) / groups * parsed.taps();
        float[] weights = numbers(outputs * depth, Math.sqrt(2.0 / depth));
        Node sum =
                b.node(
                        new Conv(parsed, groups),
                        x,
                        b.weight(new Matrix(F32.of(weights, outputs, depth))));
        float[] bias = numbers(outputs, 0.5);
        Node constant = b.constant(Tensor.f32(Shape.of(outputs, 1, 1), bias));
        Node y = b.node(new Binary(Binary.Function.ADD), sum, constant);
        return b.node(new Clip(0, 2), y);
    }

    private static void assertChained(int layers, Node x, Node y) {
        Graph graph = new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
        Selection selection = machine(CACHE);
        assertThat(Schedule.of(graph, selection).chains())
                .map(chain -> chain.groups().size())
                .contains(layers);
        CompiledGraph.assertComputesLikeInterpreter(graph, selection, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "1,96,23,40,3x3+1",
        "1,96,26,40,3x3/2+1",
        "3,72,23,48,3x3+1",
        "2,98,26,33,3x3/2+0:1",
        "1,98,27,33,3x3/2+1:0",
        "1,96,22,33,5x5+2",
        "1,144,18,40,5x5/2+2",
        "1,98,21,48,3x3",
        "1,96,19,40,3x3+2@2",
        "1,96,26,40,1x1/2",
        "1,96,23,48,3x1+1x0",
        "1,96,23,48,1x3+0x1",
        "1,96,26,48,2x2/2",
    })
    void invertedBottleneck(int batch, int height, int width, int channels, String window) {
        Node x = b.input("x", TensorType.f32(batch, 19, height, width));
        Node expanded = conv(x, channels, "1x1", false);
        Node filtered = conv(expanded, channels, window, true);
        assertChained(3, x, conv(filtered, 21, "1x1", false));
    }

    @ParameterizedTest
    @CsvSource({
        "3x3+1,3x3+1,3x3+1",
        "3x3/2+1,3x3+1,1x1",
        "3x3+1,1x1,3x3+1",
        "3x3/2+1,3x3+0:2,1x1",
        "3x3,3x3,3x3",
        "3x3+1,3x3/2+1,1x1/2",
    })
    void windowsThatFollowOneAnother(String first, String second, String third) {
        Node x = b.input("x", TensorType.f32(2, 5, 96, 24));
        Node one = conv(x, 40, first, false);
        Node two = conv(one, 40, second, true);
        assertChained(3, x, conv(two, 7, third, false));
    }

    @Test
    void residualsAreReadByTheirRows() {
        Node x = b.input("x", TensorType.f32(2, 21, 96, 23));
        Node start = conv(x, 21, "1x1", false);
        Node expanded = conv(start, 40, "1x1", false);
        Node filtered = conv(expanded, 40, "3x3+1", true);
        Node projected = conv(filtered, 21, "1x1", false);
        Node sum = b.node(new Binary(Binary.Function.ADD), projected, start);
        assertChained(3, x, b.node(new Unary(Unary.Function.RELU), sum));
    }

    @Test
    void residualsOfHiddenLayersAreReadInsideTheMap() {
        Node x = b.input("x", TensorType.f32(1, 40, 96, 23));
        Node start = conv(x, 40, "1x1", false);
        Node expanded = b.node(new Binary(Binary.Function.ADD), conv(start, 40, "1x1", false), x);
        assertChained(2, x, conv(expanded, 40, "3x3+1", true));
    }

    @Test
    void whatOthersReadIsNotHidden() {
        Node x = b.input("x", TensorType.f32(1, 19, 96, 23));
        Node expanded = conv(x, 40, "1x1", false);
        Node filtered = conv(expanded, 40, "3x3+1", true);
        Node sum = b.node(new Binary(Binary.Function.ADD), filtered, expanded);
        Graph graph = new Graph("test", List.of(x), List.of(new Graph.Output("y", sum)));
        assertThat(Schedule.of(graph, machine(CACHE)).chains()).allMatch(Chain::isSingle);
        CompiledGraph.assertComputesLikeInterpreter(graph, machine(CACHE), ROUNDING);
    }

    @Test
    void mapsThatStayInTheCacheAreComputedWhole() {
        Node x = b.input("x", TensorType.f32(1, 19, 96, 23));
        Node y = conv(conv(x, 40, "1x1", false), 40, "3x3+1", true);
        Graph graph = new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
        assertThat(Schedule.of(graph, machine(4 << 20)).chains()).allMatch(Chain::isSingle);
    }
}
