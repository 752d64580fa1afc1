package org.cinnabar.codegen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.codegen.CompiledGraph.lowering;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.passes.lower.Lowering;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Winograd convolution against the interpreter, at sizes that tiles and chunks do not divide. */
class WinogradTest {
    private final GraphBuilder b = new GraphBuilder();
    private final Random random = new Random(5);

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

    private Node withEnd(Node y, Node residual) {
        int channels = y.shape().extent(1);
        Shape shape = y.shape().rank() == 4 ? Shape.of(channels, 1, 1) : Shape.of(channels, 1);
        Node bias = b.constant(Tensor.f32(shape, numbers(channels, 0.5)));
        Node sum = b.node(new Binary(Binary.Function.ADD), y, bias);
        Node both = b.node(new Binary(Binary.Function.ADD), sum, residual);
        return b.node(new Unary(Unary.Function.RELU), both);
    }

    /** Within the error that the lowering declares for its worst layer. */
    private static void assertRight(Node x, Node y, String name) {
        assertRight(List.of(x), y, name);
    }

    private static void assertRight(List<Node> inputs, Node y, String name) {
        Graph graph = new Graph("test", inputs, List.of(new Graph.Output("y", y)));
        CompiledGraph.assertKeepsItsError(graph, name);
    }

    @ParameterizedTest
    @CsvSource({
        "16,16,4,4,3x3+1,1",
        "17,33,9,11,3x3+1,1",
        "24,50,13,7,3x3,1",
        "40,16,5,22,3x3+1,1",
        "19,31,1,1,3x3+1,1",
        "32,32,10,11,3x3+1,2",
        "48,48,10,11,3x3+1,3",
        "20,17,15,16,3x3+0x1:1x2,1",
        "16,24,37,41,3x3+1,1",
        "90,16,30,33,3x3+1,1",
        "16,16,3,150,3x3+1,1",
        "24,20,9,14,2x2+1:0,1",
        "17,19,8,13,1x3+0x1,1",
        "18,40,13,8,3x1+1x0,1",
        "17,19,8,13,3x2+1,1",
        "180,176,33,35,3x3+1,1" // filters that no cache holds, in several chunks
    })
    void convolves(int inputs, int outputs, int height, int width, String window, int groups) {
        Node x = b.input("x", TensorType.f32(1, inputs, height, width));
        Node y = conv(x, outputs, Window.parse(window), groups);
        assertRight(x, y, "winograd2");
        assertRight(x, y, "winograd4");
        assertRight(x, y, "winograd6");
    }

    @ParameterizedTest
    @CsvSource({
        "17,33,9,11,3x3/2+1,1",
        "24,50,13,8,3x3/2,1",
        "32,32,10,11,3x3/2+1,2",
        "16,24,37,41,3x3/2+1,1",
        "90,16,61,30,3x3/2+1,1",
        "17,19,14,23,3x5/2x3+1x2,1",
        "17,19,14,23,5x5/2+2,1",
        "18,40,13,8,3x1/2x1+1x0,1"
    })
    void convolvesWithStrides(
            int inputs, int outputs, int height, int width, String window, int groups) {
        Node x = b.input("x", TensorType.f32(1, inputs, height, width));
        assertRight(x, conv(x, outputs, Window.parse(window), groups), "winograd2");
    }

    @Test
    void convolvesWithStridesAndFiltersOfFewerBits() {
        Node x = b.input("x", TensorType.f32(1, 17, 15, 13));
        Node y = conv(x, 192, Window.parse("3x3/2+1"), 1);
        assertRight(x, y, "winograd2-fp24");
        assertRight(x, y, "winograd2-int16");
    }

    @Test
    void convolvesAlongOneAxisWithStrides() {
        Node x = b.input("x", TensorType.f32(3, 20, 31));
        assertRight(x, conv(x, 20, Window.parse("3/2+1"), 1), "winograd2");
        assertRight(x, conv(x, 20, Window.parse("3/2+1"), 1), "winograd4");
    }

    @ParameterizedTest
    @CsvSource({"9,11,5x5+2", "12,7,5x5", "9,20,1x7+0x3", "17,6,7x1+3x0"})
    void convolvesWithLargeKernels(int height, int width, String window) {
        Node x = b.input("x", TensorType.f32(1, 18, height, width));
        Node y = conv(x, 33, Window.parse(window), 1);
        assertRight(x, y, "winograd2");
        assertRight(x, y, "winograd4");
    }

    @ParameterizedTest
    @CsvSource({
        "1,16,64,4,4,3x3+1,1",
        "1,17,50,9,11,3x3+1,1",
        "3,40,33,5,6,3x3,1",
        "2,256,40,4,7,3x3+1,1",
        "1,32,64,10,11,3x3+1,2",
        "1,18,81,8,13,2x2+1:0,1",
        "1,17,49,8,13,3x2+1,1"
    })
    void transformsFiltersOnline(
            int images, int inputs, int outputs, int height, int width, String text, int groups) {
        Node x = b.input("x", TensorType.f32(images, inputs, height, width));
        Node y = withEnd(conv(x, outputs, Window.parse(text), groups), b.constant(0.25f));
        assertRight(x, y, "winograd2-online");
        assertRight(x, y, "winograd4-online");
        assertRight(x, y, "winograd6-online");
    }

    @ParameterizedTest
    @CsvSource({
        "1,17,128,9,11,3x3+1",
        "3,40,128,5,6,3x3",
        "2,256,192,4,7,3x3+1",
        "1,18,128,8,13,2x2+1:0",
        "1,17,128,8,13,1x3+0x1"
    })
    void storesFiltersInFewerBits(
            int images, int inputs, int outputs, int height, int width, String text) {
        Node x = b.input("x", TensorType.f32(images, inputs, height, width));
        Node y = withEnd(conv(x, outputs, Window.parse(text), 1), b.constant(0.25f));
        for (String name : List.of("winograd2", "winograd4", "winograd6")) {
            assertRight(x, y, name + "-fp24");
            assertRight(x, y, name + "-int16");
        }
    }

    @Test
    void transformsLargeFiltersOnline() {
        Node x = b.input("x", TensorType.f32(1, 18, 12, 7));
        Node y = conv(x, 50, Window.parse("5x5+2"), 1);
        assertRight(x, y, "winograd2-online");
        assertRight(x, y, "winograd4-online");
    }

    /** Filters that several chunks use, or that are computed, or in one row, are not. */
    @Test
    void transformsNoOtherFiltersOnline() {
        Lowering online = lowering("winograd4-online");
        Node x = b.input("x", TensorType.f32(1, 20, 90, 90));
        assertThat(online.accepts(conv(x, 50, Window.square(3, 1, 1), 1))).isFalse();
        Node small = b.input("small", TensorType.f32(1, 20, 9, 9));
        assertThat(online.accepts(conv(small, 50, Window.parse("1x3+0x1"), 1))).isFalse();
        Node filters = b.input("filters", TensorType.f32(50, 180));
        Node computed = b.node(new Conv(Window.square(3, 1, 1), 1), small, filters);
        assertThat(online.accepts(computed)).isFalse();
        assertThat(online.accepts(conv(small, 50, Window.square(3, 1, 1), 1))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2", "4", "6"})
    void endsLikeEveryLayer(int step) {
        Node x = b.input("x", TensorType.f32(2, 24, 9, 10));
        Node first = conv(x, 40, Window.square(3, 1, 1), 1);
        Node second = withEnd(conv(first, 40, Window.square(3, 1, 1), 1), first);
        Node doubled = b.node(new Binary(Binary.Function.MUL), second, b.constant(2f));
        Node third = conv(doubled, 17, Window.square(3, 1, 0), 1);
        Node halved = b.node(new Binary(Binary.Function.MUL), third, b.constant(0.5f));
        assertRight(x, halved, "winograd" + step);
    }

    @ParameterizedTest
    @CsvSource({"2", "4", "6"})
    void convolvesAlongOneAxis(int step) {
        Node x = b.input("x", TensorType.f32(3, 20, 31));
        Node y = conv(x, 20, Window.parse("3+1"), 1);
        assertRight(x, withEnd(y, x), "winograd" + step);
    }

    @ParameterizedTest
    @CsvSource({
        "3,16,16,9,11,3x3+1",
        "1,17,50,7,5,3x3",
        "2,40,33,13,4,5x5+2",
        "2,19,24,9,8,1x3+0x1",
        "2,24,19,8,9,3x1+1x0",
        "5,9,12,1,2,3x3+1",
        "2,256,256,8,8,3x3+1"
    })
    void convolvesWithComputedFilters(
            int images, int inputs, int outputs, int height, int width, String text) {
        Window window = Window.parse(text);
        int rows = window.kernel().get(0);
        int columns = window.kernel().get(1);
        Node x = b.input("x", TensorType.f32(images, inputs, height, width));
        Node lying = b.input("w", TensorType.f32(rows, columns, inputs, outputs));
        Node matrix = b.input("m", TensorType.f32(outputs, (long) inputs * window.taps()));
        Node bias = b.input("b", TensorType.f32(outputs, 1, 1));
        Node standing = b.node(new Transpose(List.of(3, 2, 0, 1)), lying);
        for (int axis = 2; axis < 4; axis++) {
            int extent = window.kernel().get(axis - 2);
            standing = b.node(new Slice(axis, Dim.of(extent - 1L), -1, Dim.of(extent)), standing);
        }
        Node first = b.node(new Conv(window, 1), x, standing);
        Node second = b.node(new Conv(window, 1), x, matrix);
        Node biased = b.node(new Binary(Binary.Function.ADD), second, bias);
        Node y = b.node(new Binary(Binary.Function.ADD), biased, first);
        int longest = Math.max(rows, columns);
        for (int step : longest > 3 ? new int[] {2, 4} : new int[] {2, 4, 6}) {
            assertRight(List.of(x, lying, matrix, bias), y, "winograd" + step);
        }
    }

    @Test
    void convolvesWithStridesAndComputedFilters() {
        Node x = b.input("x", TensorType.f32(2, 18, 13, 10));
        Node w = b.input("w", TensorType.f32(25, 162));
        Node y = b.node(new Conv(Window.parse("3x3/2+1"), 1), x, w);
        assertRight(List.of(x, w), y, "winograd2");
    }

    @Test
    void convolvesAlongOneAxisWithComputedFilters() {
        Node x = b.input("x", TensorType.f32(3, 20, 31));
        Node w = b.input("w", TensorType.f32(18, 60));
        Node y = b.node(new Conv(Window.parse("3+1"), 1), x, w);
        assertRight(List.of(x, w), y, "winograd4");
    }

    @ParameterizedTest
    @CsvSource({
        "3,16,16,9,11,3x3+1",
        "1,17,50,7,5,3x3",
        "2,40,33,13,4,5x5+2",
        "2,19,24,9,8,1x3+0x1",
        "2,24,19,8,9,3x1+1x0",
        "5,9,12,1,2,3x3+1",
        "11,9,12,13,15,3x3+0x1:1x2",
        "2,256,256,8,8,3x3+1"
    })
    void correlates(int images, int inputs, int outputs, int height, int width, String text) {
        Window window = Window.parse(text);
        Node x = b.input("x", TensorType.f32(images, inputs, height, width));
        long rows = window.positions(0, Dim.of(height)).value();
        long columns = window.positions(1, Dim.of(width)).value();
        Node z = b.input("z", TensorType.f32(images, outputs, rows, columns));
        Node y = b.node(new Correlate(window, 1), x, z);
        int longest = window.kernel().stream().mapToInt(k -> k).max().orElseThrow();
        for (int step : longest > 3 ? new int[] {2, 4} : new int[] {2, 4, 6}) {
            assertRight(List.of(x, z), y, "winograd-correlate" + step);
        }
    }

    @Test
    void correlatesAlongOneAxis() {
        Node x = b.input("x", TensorType.f32(3, 20, 31));
        Node z = b.input("z", TensorType.f32(3, 18, 31));
        Node y = b.node(new Correlate(Window.parse("3+1"), 1), x, z);
        assertRight(List.of(x, z), y, "winograd-correlate4");
    }

    /** The bound is relative to the largest result; far smaller ones of the same tile lose more. */
    @ParameterizedTest
    @CsvSource({"2", "4", "6"})
    void keepsItsBoundWhateverTheInputs(int step) {
        int channels = 37;
        Node x = b.input("x", TensorType.f32(1, channels, 15, 17));
        Node y = conv(x, 24, Window.square(3, 1, 1), 1);
        Graph graph = new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
        String name = "winograd" + step;
        Selection selection = Selection.DEFAULT.with(Selection.Request.parse("*=" + name));
        CompiledGraph compiled = CompiledGraph.of(graph, selection, Target.LANES_16);
        List<DoubleUnaryOperator> changes =
                List.of(
                        v -> Math.abs(v) + 5,
                        v -> v * 1e30,
                        v -> v * 1e-30,
                        v -> Math.exp(8 * v),
                        v -> v > 2 ? 1e6 : v);
        for (DoubleUnaryOperator change : changes) {
            float[] values = numbers(channels * 15 * 17, 1);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) change.applyAsDouble(values[i]);
            }
            Tensor input = Tensor.f32(x.shape(), values);
            double[] expected = Interpreter.run(graph, List.of(input)).getFirst().toDoubles();
            float[] seen = requireNonNull(compiled.run(Map.of("x", values), 1).get("y"));
            assertThat(CompiledGraph.relativeError(seen, expected))
                    .isLessThan(lowering(name).error(y));
        }
    }
}
