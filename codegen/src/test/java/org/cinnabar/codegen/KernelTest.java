package org.cinnabar.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.codegen.CompiledGraph.assertComputesLikeInterpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.passes.lower.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kernel against the interpreter, at sizes around the boundaries of tiles, panels and
 * vectors.
 */
class KernelTest {
    private static final double ROUNDING = 5e-6;

    private final GraphBuilder b = new GraphBuilder();
    private final Random random = new Random(3);

    private Node input(long... extents) {
        return b.input("x", TensorType.f32(extents));
    }

    private float[] numbers(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    private Node conv(Node x, int outputs, Window window, int groups) {
        int depth = x.shape().extent(1) / groups * window.taps();
        float[] weights = numbers(outputs * depth, Math.sqrt(2.0 / depth));
        return b.node(
                new Conv(window, groups), x, b.weight(new Matrix(F32.of(weights, outputs, depth))));
    }

    private Node bias(Node x) {
        int channels = x.shape().extent(1);
        return b.node(
                new Binary(Binary.Function.ADD),
                x,
                b.constant(Tensor.f32(Shape.of(channels, 1, 1), numbers(channels, 0.5))));
    }

    private Node relu(Node x) {
        return b.node(new Unary(Unary.Function.RELU), x);
    }

    private static Graph graph(Node x, Node... outputs) {
        List<Graph.Output> named = new ArrayList<>();
        for (Node output : outputs) {
            named.add(new Graph.Output("y" + named.size(), output));
        }
        return new Graph("test", List.of(x), named);
    }

    @ParameterizedTest
    @CsvSource({
        "3,16,9,11,3x3+1,1",
        "1,6,28,28,5x5+2,1",
        "5,33,7,7,3x3+1,1",
        "64,64,14,14,3x3+1,1",
        "24,48,13,9,1x1,1",
        "17,50,7,7,1x1,1",
        "80,40,13,9,1x1,1",
        "256,100,7,7,1x1,1",
        "200,530,13,11,1x1,1",
        "1024,64,7,5,1x1,1",
        "256,70,7,5,3x3+1,1",
        "512,40,13,9,3x3/2+1,1",
        "16,40,15,17,3x3/2+1,1",
        "8,24,12,12,3x3+2@2,1",
        "3,32,23,21,7x7/2+3,1",
        "16,10,9,5,1x7+0x3,1",
        "16,10,9,5,7x1+3x0,1",
        "32,32,10,10,3x3+1,2",
        "24,24,10,10,3x3+1,3",
        "12,18,8,8,3x3+0:1,6",
        "40,40,7,9,3x3+1,5",
        "104,104,5,5,3x3/2+1,13",
        "10,20,5,6,3x3+1,10",
        "32,64,1,1,1x1,1",
        "256,512,5,9,1x1,1",
        "96,80,7,6,3x3+1,1",
        "192,160,7,5,1x1,2",
        "48,256,30,7,1x1,1",
        "256,256,6,5,3x3+1,1",
        "70,65,11,15,3x3+1,1", // sums in stretches for tall tiles
        "72,96,9,29,3x3/2+1,1",
        "66,50,17,17,1x7+0x3,1",
        "128,64,15,13,3x3+1,2",
        "1098,70,17,13,1x1,1", // one long sum in stretches
        "4,4,5,5,2x3/1x2+1x0:0x1,1",
    })
    void convolves(int inputs, int outputs, int height, int width, String window, int groups) {
        Node x = input(1, inputs, height, width);
        Node y = conv(x, outputs, Window.parse(window), groups);
        assertComputesLikeInterpreter(graph(x, y), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "1,16,9,11,3x3+1",
        "1,24,7,7,3x3/2+1",
        "1,33,14,15,5x5+2",
        "1,40,13,13,5x5/2+2",
        "1,8,12,30,3x3+2@2",
        "1,64,20,20,9x9+4",
        "1,5,3,3,3x3+1",
        "1,24,14,14,3x3+1",
        "3,20,6,9,3x3+1",
        "2,33,18,22,3x3+1",
        "1,17,38,3,3x3+0:1",
        "2,16,37,19,3x3/2+1",
        "2,16,10,11,1x3+0x1"
    })
    void convolvesDepthwise(int batch, int channels, int height, int width, String window) {
        Node x = input(batch, channels, height, width);
        Node y = bias(conv(x, channels, Window.parse(window), channels));
        Node z = conv(y, channels, Window.parse(window), channels);
        Node clipped = b.node(new Clip(0, 2), y);
        assertComputesLikeInterpreter(graph(x, clipped, z), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"24,14,14", "33,20,9", "16,7,12"})
    void addsResidualsToDepthwise(int channels, int height, int width) {
        Node x = input(1, channels, height, width);
        Node y = bias(conv(x, channels, Window.square(3, 1, 1), channels));
        Node sum = relu(b.node(new Binary(Binary.Function.ADD), y, x));
        assertComputesLikeInterpreter(graph(x, sum), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"40", "1"})
    void fusesBiasActivationAndResidual(int channels) {
        Node x = input(1, 24, 9, 10);
        Node first = relu(bias(conv(x, channels, Window.square(3, 1, 1), 1)));
        Node second = bias(conv(first, channels, Window.square(3, 1, 1), 1));
        Node sum = relu(b.node(new Binary(Binary.Function.ADD), second, first));
        Node end = bias(conv(sum, channels, Window.square(3, 2, 1), channels));
        assertComputesLikeInterpreter(graph(x, b.node(new Clip(0, 6), end), sum), ROUNDING);
    }

    /** Sums take the memory of what they are added to, if nothing reads that any more. */
    @ParameterizedTest
    @CsvSource({
        "24,40,9,10,1x1,1", // whole and narrow panels
        "96,33,14,14,1x1,1", // channels that fill no vector
        "200,530,13,11,1x1,1", // panels in groups
        "64,64,9,13,3x3+1,1",
        "16,36,7,5,3x3+1,2",
        "256,64,7,7,3x3+1,1" // sums in stretches
    })
    void addsInPlace(int inputs, int channels, int height, int width, String window, int groups) {
        Node x = input(1, inputs, height, width);
        Node first = bias(conv(x, channels, Window.parse("1x1"), 1));
        Node wide = relu(conv(first, inputs, Window.parse("1x1"), 1));
        Node second = bias(conv(wide, channels, Window.parse(window), groups));
        Node sum = relu(b.node(new Binary(Binary.Function.ADD), second, first));
        Node third =
                conv(
                        relu(conv(sum, inputs, Window.parse("1x1"), 1)),
                        channels,
                        Window.parse(window),
                        groups);
        Node bare = b.node(new Binary(Binary.Function.ADD), sum, third);
        Node readAgain =
                b.node(
                        new Binary(Binary.Function.ADD),
                        bias(conv(bare, channels, Window.parse("1x1"), 1)),
                        bare);
        Node end =
                b.node(
                        new Binary(Binary.Function.MUL),
                        conv(readAgain, channels, Window.parse("1x1"), 1),
                        bare);
        assertComputesLikeInterpreter(graph(x, end), ROUNDING);
    }

    /** Of short rows, one long one is made, which results and what they are added to are not. */
    @ParameterizedTest
    @CsvSource({
        "64,144,7,5,3x3+1", // channels that fill no panel
        "1032,544,6,7,1x1",
        "70,160,13,14,3x3/2+1",
        "600,128,15,11,1x1/2",
        "200,132,7,8,1x3+0x1"
    })
    void joinsShortRows(int inputs, int outputs, int height, int width, String window) {
        Node x = input(1, inputs, height, width);
        Node wide = relu(conv(x, inputs, Window.parse("1x1"), 1));
        Node first = relu(bias(conv(wide, outputs, Window.parse(window), 1)));
        Node second = bias(conv(first, outputs, Window.parse("3x3+1"), 1));
        Node sum = relu(b.node(new Binary(Binary.Function.ADD), second, first));
        Node third = conv(sum, outputs, Window.parse("3x3+1"), 1);
        Node swish =
                b.node(
                        new Binary(Binary.Function.MUL),
                        third,
                        b.node(new Unary(Unary.Function.SIGMOID), third));
        Node turned = b.node(new Transpose(List.of(0, 1, 3, 2)), sum);
        Node fourth = conv(turned, 128, Window.parse("1x1"), 1);
        assertComputesLikeInterpreter(graph(x, sum, swish, fourth), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"24,1x1", "40,3x3+1"})
    void fusesActivationWithoutBias(int outputs, String window) {
        Node x = input(1, 24, 9, 10);
        Node y = relu(conv(x, outputs, Window.parse(window), 1));
        Node z = b.node(new Clip(0, 6), conv(x, outputs, Window.parse(window), 1));
        Node same = b.node(new Binary(Binary.Function.ADD), conv(x, 24, Window.parse("1x1"), 1), x);
        assertComputesLikeInterpreter(graph(x, y, z, same), ROUNDING);
    }

    /** x * sigmoid(x) and x * clip(x / 6 + 1/2, 0, 1) use a layer's result twice. */
    @ParameterizedTest
    @CsvSource({
        "24,40,9,10,1x1,1",
        "96,33,14,14,1x1,1",
        "40,40,9,10,3x3+1,40",
        "24,24,30,29,3x3/2+1,24",
        "32,40,13,9,3x3+1,1",
        "16,48,1,1,1x1,1"
    })
    void fusesWhatUsesTheResultTwice(
            int inputs, int outputs, int height, int width, String window, int groups) {
        Node x = input(1, inputs, height, width);
        Node y = bias(conv(x, outputs, Window.parse(window), groups));
        Node z = bias(conv(x, outputs, Window.parse(window), groups));
        Node swish =
                b.node(
                        new Binary(Binary.Function.MUL),
                        y,
                        b.node(new Unary(Unary.Function.SIGMOID), y));
        Node sixth = b.node(new Binary(Binary.Function.MUL), z, b.constant(1 / 6f));
        Node moved = b.node(new Binary(Binary.Function.ADD), sixth, b.constant(0.5f));
        Node hard = b.node(new Binary(Binary.Function.MUL), z, b.node(new Clip(0, 1), moved));
        assertComputesLikeInterpreter(graph(x, swish, hard), ROUNDING);
        assertComputesLikeInterpreter(graph(x, swish, hard, y), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"1,400,120", "1,84,10", "5,33,47", "1,7,1", "17,64,100"})
    void multipliesMatrices(int rows, int columns, int outputs) {
        Node x = input(rows, columns);
        Node w = b.weight(new Matrix(F32.of(numbers(columns * outputs, 0.1), outputs, columns)));
        Node y = relu(b.node(new Linear(), x, w));
        assertComputesLikeInterpreter(graph(x, y), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "17,64,7,7,1x1",
        "33,128,7,8,3x3+1",
        "9,64,5,6,3x3/2+1",
        "300,192,1,1,1x1",
        "256,64,7,7,3x3+1",
        "64,256,7,5,3x3+1" // short rows as one
    })
    void convolvesWithWeightsOfFewerBits(
            int inputs, int outputs, int height, int width, String window) {
        Node x = input(1, inputs, height, width);
        Node y = conv(x, outputs, Window.parse(window), 1);
        CompiledGraph.assertKeepsItsError(graph(x, relu(y)), "direct-fp24");
        CompiledGraph.assertKeepsItsError(graph(x, relu(y)), "direct-int16");
    }

    @ParameterizedTest
    @CsvSource({"400,120", "33,64", "7,1000", "25,203", "128,256"})
    void multipliesMatricesOfFewerBits(int columns, int outputs) {
        Node x = input(1, columns);
        Node w = b.weight(new Matrix(F32.of(numbers(columns * outputs, 0.1), outputs, columns)));
        Node y = b.node(new Linear(), x, w);
        CompiledGraph.assertKeepsItsError(graph(x, relu(y)), "gemm-fp24");
        CompiledGraph.assertKeepsItsError(graph(x, relu(y)), "gemm-int16");
        Node bias = b.constant(Tensor.f32(Shape.of(outputs), numbers(outputs, 0.5)));
        Node biased = b.node(new Binary(Binary.Function.ADD), y, bias);
        CompiledGraph.assertKeepsItsError(graph(x, biased), "gemm-fp24");
        CompiledGraph.assertKeepsItsError(graph(x, biased), "gemm-int16");
    }

    @ParameterizedTest
    @CsvSource({"1,1,5,3", "1,2,33,17", "1,3,64,49", "2,1,7,100", "3,5,19,31", "1,4,400,1"})
    void multipliesFewRowsOfComputedMatrices(int batch, int rows, int depth, int columns) {
        Node x = input(batch, rows + columns, depth);
        Node a = b.node(new Slice(1, Dim.of(0), 1, Dim.of(rows)), x);
        Node c = b.node(new Slice(1, Dim.of(rows), 1, Dim.of(columns)), x);
        Node right = b.node(new Transpose(List.of(0, 2, 1)), c);
        Node constant = b.constant(Tensor.f32(Shape.of(depth, 9), numbers(depth * 9, 0.1)));
        assertComputesLikeInterpreter(
                graph(x, relu(b.node(new MatMul(), a, right)), b.node(new MatMul(), a, constant)),
                ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "MAX,3x3/2+1",
        "MAX,2x2/2",
        "AVERAGE,3x3+1",
        "AVERAGE,2x2/2",
        "MAX,5x5+2",
        "AVERAGE,7x7"
    })
    void pools(Pool.Function f, String window) {
        Node x = input(1, 19, 13, 11);
        Node y = b.node(new Pool(f, Window.parse(window), false), x);
        Node counted =
                b.node(
                        new Pool(f, Window.parse(window), true),
                        relu(bias(conv(x, 19, Window.square(1, 1, 0), 1))));
        assertComputesLikeInterpreter(graph(x, y, counted), ROUNDING);
    }

    /** Several vectors side by side, then single ones, then numbers. */
    @ParameterizedTest
    @CsvSource({"MAX", "AVERAGE"})
    void poolsManyChannels(Pool.Function f) {
        Node x = input(2, 147, 7, 5);
        Node y = b.node(new Pool(f, Window.parse("3x3/2+1"), false), x);
        assertComputesLikeInterpreter(graph(x, y), ROUNDING);
    }

    @Test
    void reducesEveryAxis() {
        Node x = input(1, 20, 5, 7);
        Node y = bias(conv(x, 37, Window.square(3, 1, 1), 1));
        Node maps = b.node(new Reduce(Reduce.Function.MEAN, List.of(2, 3)), y);
        Node channels = b.node(new Reduce(Reduce.Function.MAX, List.of(1)), y);
        Node all = b.node(new Reduce(Reduce.Function.SUM, List.of(1, 2, 3)), y);
        Node rows = b.node(new Reduce(Reduce.Function.MIN, List.of(3)), x);
        assertComputesLikeInterpreter(graph(x, maps, channels, all, rows), ROUNDING);
    }

    @ParameterizedTest
    @EnumSource
    void reducesToTheSameBitsOnceCompiled(Reduce.Function f) {
        Node x = input(40, 101);
        Graph graph = graph(x, b.node(new Reduce(f, List.of(1)), x));
        Map<String, float[]> inputs = Map.of("x", numbers(40 * 101, 1));
        for (Target target : Target.ALL) {
            CompiledGraph compiled = CompiledGraph.of(graph, target);
            float[] cold = compiled.run(inputs, 1).get("y0");
            for (int run = 0; run < 1000; run++) {
                compiled.run(inputs, 1);
            }
            assertThat(compiled.run(inputs, 1).get("y0")).as("%s", target).isEqualTo(cold);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EXP",
        "TANH",
        "SIGMOID",
        "SOFTPLUS",
        "ERF",
        "RELU",
        "ABS",
        "NEG",
        "FLOOR",
        "CEIL",
        "ROUND",
        "SIGN",
        "SIN",
        "COS",
        "ATAN"
    })
    void appliesFunctions(Unary.Function f) {
        Node x = input(1, 3, 5, 7);
        Node scaled = b.node(new Binary(Binary.Function.MUL), x, b.constant(3f));
        assertComputesLikeInterpreter(graph(x, b.node(new Unary(f), scaled)), 1e-6);
    }

    @Test
    void concatenatesInPlaceAndByCopy() {
        Node x = input(1, 16, 6, 5);
        Node a = relu(conv(x, 32, Window.square(1, 1, 0), 1));
        Node c = relu(conv(x, 9, Window.square(3, 1, 1), 1));
        Node d = relu(conv(x, 21, Window.square(3, 1, 1), 1));
        Node joined = b.node(new Concat(1), a, c, d, x);
        Node y = conv(joined, 20, Window.square(3, 1, 1), 1);
        assertComputesLikeInterpreter(graph(x, y, joined), ROUNDING);
    }

    @Test
    void shufflesChannels() {
        Node x = input(1, 12, 6, 5);
        Node y = relu(conv(x, 58 * 2, Window.square(1, 1, 0), 1));
        Node split = b.node(new Reshape(Shape.of(1, 2, 58, 6, 5)), y);
        Node turned = b.node(new Transpose(List.of(0, 2, 1, 3, 4)), split);
        Node joined = b.node(new Reshape(Shape.of(1, 116, 6, 5)), turned);
        Node flat = b.node(new Reshape(Shape.of(1, 116 * 30)), joined);
        assertComputesLikeInterpreter(graph(x, joined, flat), ROUNDING);
    }

    @Test
    void scalesChannelsByTheirMean() {
        Node x = input(1, 24, 9, 8);
        Node y = relu(bias(conv(x, 40, Window.square(3, 1, 1), 1)));
        Node mean = b.node(new Reduce(Reduce.Function.MEAN, List.of(2, 3)), y);
        Node gate =
                b.node(
                        new Unary(Unary.Function.SIGMOID),
                        bias(conv(mean, 40, Window.square(1, 1, 0), 1)));
        Node scaled = b.node(new Binary(Binary.Function.MUL), y, gate);
        assertComputesLikeInterpreter(
                graph(x, conv(scaled, 8, Window.square(1, 1, 0), 1)), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({"CONSTANT", "REFLECT", "EDGE"})
    void pads(Pad.Mode mode) {
        Node x = input(1, 5, 6, 7);
        Node y = relu(conv(x, 19, Window.square(1, 1, 0), 1));
        Pad pad = new Pad(List.of(0, 0, 2, 3), List.of(0, 0, 1, 4), mode, 2.5);
        assertComputesLikeInterpreter(graph(x, b.node(pad, y), b.node(pad, x)), ROUNDING);
    }

    @Test
    void gathersByConstantIndices() {
        Node x = input(1, 5, 6, 7);
        Node y = relu(conv(x, 19, Window.square(1, 1, 0), 1));
        Node rows = b.constant(Tensor.i64(Shape.of(8), 0, 0, 1, 2, 2, 5, 4, 3));
        Node square = b.constant(Tensor.i64(Shape.of(2, 2), 0, 4, 6, 1));
        Node one = b.constant(Tensor.i64(Shape.SCALAR, 3));
        assertComputesLikeInterpreter(
                graph(
                        x,
                        b.node(new Gather(2), y, rows),
                        b.node(new Gather(3), y, square),
                        b.node(new Gather(1), y, one)),
                ROUNDING);
    }

    @Test
    void comparesAsJavaDoes() {
        float[] special = {
            Float.NEGATIVE_INFINITY,
            -Float.MAX_VALUE,
            -1,
            -Float.MIN_VALUE,
            -0f,
            0,
            Float.MIN_VALUE,
            1,
            Math.nextUp(1f),
            Float.MAX_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NaN,
            -Float.NaN
        };
        int count = special.length * special.length;
        float[] left = new float[count];
        float[] right = new float[count];
        float[][] expected = new float[3][count];
        for (int i = 0; i < count; i++) {
            float a = special[i / special.length];
            float c = special[i % special.length];
            left[i] = a;
            right[i] = c;
            expected[0][i] = a < c ? 1 : 0;
            expected[1][i] = a <= c ? 1 : 0;
            expected[2][i] = a == c ? 1 : 0;
        }
        Node x = input(count);
        Node y = b.input("y", TensorType.f32(count));
        List<Graph.Output> outputs = new ArrayList<>();
        for (Binary.Function f :
                List.of(
                        Binary.Function.LESS,
                        Binary.Function.LESS_OR_EQUAL,
                        Binary.Function.EQUAL)) {
            outputs.add(new Graph.Output("y" + outputs.size(), b.node(new Binary(f), x, y)));
        }
        Graph graph = new Graph("test", List.of(x, y), outputs);
        for (Target target : Target.ALL) {
            Map<String, float[]> seen =
                    CompiledGraph.of(graph, target).run(Map.of("x", left, "y", right), 1);
            for (int i = 0; i < expected.length; i++) {
                assertThat(seen.get("y" + i))
                        .as("comparison %d with %d lanes", i, target.lanes())
                        .isEqualTo(expected[i]);
            }
        }
    }
}
