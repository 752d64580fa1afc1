package org.cinnabar.codegen;

import static org.cinnabar.codegen.CompiledGraph.assertComputesLikeInterpreter;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contractions of computed values, and the other ops of backward passes, at odd sizes. */
class ComputedWeightTest {
    private static final double ROUNDING = 1e-5;

    private final GraphBuilder b = new GraphBuilder();
    private final List<Node> inputs = new ArrayList<>();

    private Node input(long... extents) {
        inputs.add(b.input("x" + inputs.size(), TensorType.f32(extents)));
        return inputs.getLast();
    }

    private void check(Node... outputs) {
        List<Graph.Output> named = new ArrayList<>();
        for (Node output : outputs) {
            named.add(new Graph.Output("y" + named.size(), output));
        }
        assertComputesLikeInterpreter(new Graph("test", inputs, named), ROUNDING);
    }

    @ParameterizedTest
    @CsvSource({
        "2,3,16,9,11,3x3+1",
        "1,1,6,28,28,5x5+2",
        "3,5,33,7,7,3x3+1",
        "2,24,48,13,9,1x1",
        "2,16,40,15,17,3x3/2+1",
        "2,8,24,12,12,3x3+2@2",
        "9,20,50,3,2,3x2+1",
        "17,40,20,1,1,1x1",
        "2,4,5,9,7,2x3/1x2+1x0:0x1",
        "2,256,24,5,7,3x3+1",
        "3,20,256,5,6,3x3/2+1",
        "2,256,512,3,3,1x1",
        "2,250,400,4,5,3x3+1",
    })
    void convolvesAndCorrelates(int n, int c, int k, int h, int w, String window) {
        Window over = Window.parse(window);
        Node x = input(n, c, h, w);
        Node weight = input(k, (long) c * over.taps());
        Node lying = input(over.kernel().get(0), over.kernel().get(1), c, k);
        Node bias = input(k, 1, 1);
        Node first = b.node(new Conv(over, 1), x, weight);
        Node second =
                b.node(new Conv(over, 1), x, b.node(new Transpose(List.of(3, 2, 0, 1)), lying));
        Node biased = b.node(new Binary(Binary.Function.ADD), second, bias);
        Node relu = b.node(new Unary(Unary.Function.RELU), biased);
        Node sum = b.node(new Binary(Binary.Function.ADD), relu, first);
        check(sum, first, b.node(new Correlate(over, 1), x, sum));
    }

    @Test
    void correlatesMoreThanCachesHold() {
        Window window = Window.square(3, 1, 1);
        check(b.node(new Correlate(window, 1), input(7, 17, 30, 29), input(7, 33, 30, 29)));
    }

    @Test
    void convolvesAlongOneAxis() {
        Window window = Window.parse("3/2+1");
        Node x = input(3, 5, 11);
        Node y = b.node(new Conv(window, 1), x, input(7, 15));
        check(y, b.node(new Correlate(window, 1), x, y));
    }

    @ParameterizedTest
    @CsvSource({"1,3,5", "64,784,300", "7,33,10", "130,17,16", "5,1,1"})
    void multiplies(int m, int k, int n) {
        Node a = input(m, k);
        Node product = b.node(new MatMul(), a, input(k, n));
        Node linear = b.node(new Linear(), a, input(n, k));
        Node biased = b.node(new Binary(Binary.Function.ADD), linear, input(n));
        Node relu = b.node(new Unary(Unary.Function.RELU), biased);
        Node outer = b.node(new MatMul(), b.node(new Transpose(List.of(1, 0)), a), relu);
        check(product, relu, outer);
    }

    @Test
    void addsWhatIsScaled() {
        Node product = b.node(new MatMul(), input(18, 5), input(5, 7));
        Node memory = input(18, 7);
        Node scaled = b.node(new Binary(Binary.Function.MUL), memory, b.constant(0.9f));
        Node decayed = b.node(new Binary(Binary.Function.MUL), input(18, 7), b.constant(0.1f));
        Node sum = b.node(new Binary(Binary.Function.ADD), product, decayed);
        check(b.node(new Binary(Binary.Function.ADD), scaled, sum));
    }

    @Test
    void multipliesBatches() {
        check(b.node(new MatMul(), input(3, 1, 5, 7), input(2, 7, 19)));
    }

    @ParameterizedTest
    @CsvSource({"2x2/2", "3x3/2+1", "3x3+1", "2x3/3x2", "2x2/3"})
    void unpools(String window) {
        Window over = Window.parse(window);
        Node x = input(3, 21, 9, 8);
        Node pooled = b.node(new Pool(Pool.Function.MAX, over, false), x);
        check(b.node(new MaxUnpool(over), x, pooled));
    }

    @Test
    void unpoolsAlongOneAxis() {
        Window window = Window.parse("3/2+1");
        Node x = input(2, 5, 11);
        Node pooled = b.node(new Pool(Pool.Function.MAX, window, false), x);
        check(b.node(new MaxUnpool(window), x, pooled));
    }

    @Test
    void scatters() {
        Node index = b.constant(Tensor.i64(Shape.of(2, 3), 0, 3, 3, 1, 0, 3));
        check(b.node(new ScatterAdd(1, 5), input(2, 2, 3, 7), index));
    }
}
