package org.cinnabar.codegen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.codegen.CompiledGraph.assertComputesLikeInterpreter;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Conv;
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

/** Convolution in the frequency domain against the interpreter, around the edges of its tiles. */
class FftConvTest {
    private static final double ROUNDING = 5e-6;

    private final GraphBuilder b = new GraphBuilder();
    private final Random random = new Random(3);

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

    private static void assertComputed(Node x, Node y, String lowering) {
        Graph graph = new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
        Selection selection = Selection.DEFAULT.with(Selection.Request.parse("*=" + lowering));
        assertThat(Schedule.of(graph, selection).groups())
                .anyMatch(group -> group.lowering().name().equals(lowering));
        assertComputesLikeInterpreter(graph, selection, ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "1,3,16,9,11,3x3+1,fft8",
        "1,16,20,6,6,3x3+1,fft8",
        "1,5,33,17,7,5x5+2,fft8",
        "1,17,40,13,29,3x3+1,fft16",
        "1,8,24,12,12,5x5+2@2,fft16",
        "1,32,50,23,25,7x7+3,fft16",
        "3,6,10,11,13,5x5+2,fft16",
        "1,6,16,28,28,5x5,fft16",
        "2,4,9,7,5,7x7+3,fft16",
        "1,4,40,9,10,5x5+2,fft12",
        "1,33,17,20,27,5x5+2,fft18",
        "1,6,7,14,14,7x7+3,fft20",
        "1,6,7,30,21,5x3+2x1,fft24",
        "1,6,7,14,29,15x15+7,fft28",
        "1,7,6,29,45,7x7+3,fft36",
        "1,7,6,29,25,7x7+3,fft40",
        "1,7,6,29,25,15x15+7,fft42",
        "1,7,6,29,33,31x31+15,fft48",
        "1,3,8,31,33,11x11+5,fft32",
        "1,7,6,23,40,1x9+0x4,fft32",
        "1,7,6,23,40,9x2+4x0:4x1,fft32",
        "1,9,10,20,21,31x31+15,fft64",
        "1,2,3,70,67,15x15+7,fft64",
    })
    void convolves(
            int images, int in, int out, int height, int width, String window, String lowering) {
        Node x = b.input("x", TensorType.f32(images, in, height, width));
        assertComputed(x, conv(x, out, Window.parse(window), 1), lowering);
    }

    @ParameterizedTest
    @CsvSource({
        "1,16,20,21,7x7+3,fft16",
        "2,33,9,10,5x5+2,fft16",
        "1,24,31,40,9x9+4@2,fft32",
        "1,5,40,33,31x31+15,fft64",
        "1,40,36,35,3x31+1x15,fft64",
    })
    void convolvesDepthwise(
            int images, int channels, int height, int width, String window, String lowering) {
        Node x = b.input("x", TensorType.f32(images, channels, height, width));
        assertComputed(x, conv(x, channels, Window.parse(window), channels), lowering);
    }

    @ParameterizedTest
    @CsvSource({
        "16,3,32,fft16", "16,5,32,fft18", "16,7,32,fft20", "16,11,32,fft42",
        "16,3,64,fft24", "16,5,64,fft36", "16,7,64,fft40", "16,11,64,fft64",
        "32,3,32,fft36", "32,5,32,fft20", "32,7,32,fft24", "32,11,32,fft32",
    })
    void keepsSinglePrecision(int channels, int kernel, int extent, String lowering) {
        Node x = b.input("x", TensorType.f32(1, channels, extent, extent));
        Node y = conv(x, channels, Window.square(kernel, 1, kernel / 2), 1);
        Graph graph = new Graph("test", List.of(x), List.of(new Graph.Output("y", y)));
        CompiledGraph compiled =
                CompiledGraph.of(
                        graph,
                        Selection.DEFAULT.with(Selection.Request.parse("*=" + lowering)),
                        Target.LANES_16);
        List<UnaryOperator<float[]>> inputs =
                List.of(UnaryOperator.identity(), FftConvTest::positive, FftConvTest::withOneLarge);
        for (UnaryOperator<float[]> change : inputs) {
            float[] values = change.apply(numbers(channels * extent * extent, 1));
            Tensor tensor = Tensor.f32(x.shape(), values);
            double[] expected = Interpreter.run(graph, List.of(tensor)).getFirst().toDoubles();
            float[] seen = requireNonNull(compiled.run(Map.of("x", values), 1).get("y"));
            assertThat(CompiledGraph.relativeError(seen, expected)).isLessThan(Lowering.ROUNDING);
        }
    }

    private static float[] positive(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]) + 1;
        }
        return values;
    }

    private static float[] withOneLarge(float[] values) {
        values[values.length / 3] = 1e6f;
        return values;
    }

    @Test
    void fusesBiasActivationAndResidual() {
        Node x = b.input("x", TensorType.f32(1, 24, 19, 21));
        Node first =
                b.node(
                        new Unary(Unary.Function.RELU),
                        bias(conv(x, 24, Window.square(5, 1, 2), 1)));
        Node second = bias(conv(first, 24, Window.square(7, 1, 3), 24));
        Node sum = b.node(new Binary(Binary.Function.ADD), second, first);
        assertComputed(x, b.node(new Clip(0, 6), sum), "fft16");
    }
}
