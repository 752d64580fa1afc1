package org.cinnabar.ir.interp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.OpSamples;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class InterpreterTest {
    private static Tensor f32(Shape shape, double... values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return Tensor.f32(shape, narrow);
    }

    private static Tensor vector(double... values) {
        return f32(Shape.of(values.length), values);
    }

    private static Tensor i64(long... values) {
        return Tensor.i64(Shape.of(values.length), values);
    }

    private static double[] reals(Op op, Tensor... in) {
        return Interpreter.evaluate(op, List.of(in)).toDoubles();
    }

    private static long[] longs(Op op, Tensor... in) {
        return Interpreter.evaluate(op, List.of(in)).longs();
    }

    /** 1, 2, 3, ... */
    private static Tensor counting(long... extents) {
        double[] values = new double[Shape.of(extents).count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return f32(Shape.of(extents), values);
    }

    @Test
    void integerDivisionRoundsTowardZero() {
        assertThat(longs(new Binary(Binary.Function.DIV), i64(7, -7, 7, -7), i64(2, 2, -2, -2)))
                .containsExactly(3, -3, -3, 3);
    }

    @Test
    void remainderTakesSignOfDivisor() {
        Binary mod = new Binary(Binary.Function.MOD);
        assertThat(longs(mod, i64(7, -7, 7, -7), i64(3, 3, -3, -3))).containsExactly(1, 2, -2, -1);
        assertThat(reals(mod, vector(5.5, -5.5, 5.5, -5.5), vector(2, 2, -2, -2)))
                .containsExactly(1.5, 0.5, -0.5, -1.5);
    }

    @Test
    void integersWrapAroundTheirType() {
        Tensor large = Tensor.integers(DType.U8, Shape.of(2), 250, 3);
        Tensor step = Tensor.integers(DType.U8, Shape.of(2), 10, 4);
        assertThat(longs(new Binary(Binary.Function.ADD), large, step)).containsExactly(4, 7);
        assertThat(longs(new Binary(Binary.Function.SUB), large, step)).containsExactly(240, 255);
    }

    @Test
    void castTruncatesTowardZeroAndTakesNonzeroForTrue() {
        assertThat(longs(new Cast(DType.I64), vector(2.9, -2.9, 0.4))).containsExactly(2, -2, 0);
        assertThat(longs(new Cast(DType.BOOL), vector(0.4, 0, -3))).containsExactly(1, 0, 1);
        assertThat(longs(new Cast(DType.I8), i64(128, -129, 5))).containsExactly(-128, 127, 5);
    }

    @Test
    void reluKeepsNaN() {
        assertThat(reals(new Unary(Unary.Function.RELU), vector(-1, 2, Double.NaN)))
                .containsExactly(0, 2, Double.NaN);
    }

    @Test
    void roundGoesToEvenOnTies() {
        assertThat(reals(new Unary(Unary.Function.ROUND), vector(0.5, 1.5, 2.5, -0.5, -1.5)))
                .containsExactly(0, 2, 2, -0.0, -2);
    }

    @Test
    void softplusAndSigmoidSurviveLargeArguments() {
        assertThat(reals(new Unary(Unary.Function.SOFTPLUS), vector(1000, -1000, 0)))
                .containsExactly(1000, 0, Math.log(2));
        assertThat(reals(new Unary(Unary.Function.SIGMOID), vector(1000, -1000, 0)))
                .containsExactly(1, 0, 0.5);
    }

    @Test
    void clipTakesInfiniteBoundsForNone() {
        assertThat(reals(new Clip(0, 6), vector(-1, 3, 9))).containsExactly(0, 3, 6);
        assertThat(reals(new Clip(Double.NEGATIVE_INFINITY, 1), vector(-1e30, 3)))
                .containsExactly((float) -1e30, 1);
        assertThat(longs(new Clip(-2, Double.POSITIVE_INFINITY), i64(-5, Long.MAX_VALUE)))
                .containsExactly(-2, Long.MAX_VALUE);
    }

    @Test
    void operandsBroadcastBothWays() {
        Tensor column = f32(Shape.of(3, 1), 10, 20, 30);
        assertThat(reals(new Binary(Binary.Function.SUB), column, vector(1, 2)))
                .containsExactly(9, 8, 19, 18, 29, 28);
        assertThat(reals(new Binary(Binary.Function.SUB), vector(1, 2), column))
                .containsExactly(-9, -8, -19, -18, -29, -28);
    }

    @Test
    void comparisonsGiveBooleans() {
        Tensor less =
                Interpreter.evaluate(
                        new Binary(Binary.Function.LESS),
                        List.of(vector(1, 2, 3), vector(2, 2, 2)));
        assertThat(less.dtype()).isEqualTo(DType.BOOL);
        assertThat(less.longs()).containsExactly(1, 0, 0);
        assertThat(longs(new Unary(Unary.Function.NOT), less)).containsExactly(0, 1, 1);
        assertThat(reals(new Select(), less, vector(7, 8, 9), Tensor.scalar(-1)))
                .containsExactly(7, -1, -1);
    }

    @Test
    void convolvesWithAsymmetricWindow() {
        Window window =
                new Window(
                        List.of(2, 1), List.of(2, 1), List.of(1, 0), List.of(0, 2), List.of(2, 1));
        Tensor weight = f32(Shape.of(1, 2), 10, 1);
        assertThat(reals(new Conv(window, 1), counting(1, 1, 4, 2), weight))
                .containsExactly(3, 4, 0, 0, 3 * 10 + 7, 4 * 10 + 8, 0, 0);
    }

    @Test
    void convolvesGroupsSeparately() {
        Tensor x = f32(Shape.of(1, 4, 2), 1, 2, 3, 4, 5, 6, 7, 8);
        Window point = Window.parse("1");
        Tensor weight = f32(Shape.of(2, 2), 1, 10, 100, 1000);
        assertThat(reals(new Conv(point, 2), x, weight)).containsExactly(31, 42, 7500, 8600);
    }

    @Test
    void convolvesEveryImageOfTheBatch() {
        Tensor x = counting(3, 2, 1, 5);
        Tensor weight = f32(Shape.of(2, 6), 1, 0, -1, 0, 0, 0, 0, 0, 0, 0, 2, 0);
        double[] y = reals(new Conv(Window.parse("1x3"), 1), x, weight);
        assertThat(y)
                .containsExactly(
                        -2, -2, -2, 14, 16, 18, -2, -2, -2, 34, 36, 38, -2, -2, -2, 54, 56, 58);
    }

    @Test
    void linearMapsTheLastAxis() {
        Tensor weight = f32(Shape.of(1, 3), 1, 10, 100);
        assertThat(reals(new Linear(), counting(2, 1, 3), weight)).containsExactly(321, 654);
    }

    @Test
    void matrixProductBroadcastsLeadingAxes() {
        Tensor a = f32(Shape.of(2, 1, 2), 1, 2, 3, 4);
        Tensor b = f32(Shape.of(2, 2), 1, 10, 100, 1000);
        assertThat(reals(new MatMul(), a, b)).containsExactly(201, 2010, 403, 4030);
    }

    @Test
    void paddingNeverWinsMaximum() {
        Pool pool = new Pool(Pool.Function.MAX, Window.parse("2/2+1"), false);
        assertThat(reals(pool, f32(Shape.of(1, 1, 3), -5, -7, -6))).containsExactly(-5, -6);
    }

    @Test
    void paddingCountsInMeanOnlyIfAsked() {
        Tensor x = f32(Shape.of(1, 1, 3), 4, 8, 6);
        Window window = Window.parse("2/2+1");
        assertThat(reals(new Pool(Pool.Function.AVERAGE, window, false), x)).containsExactly(4, 7);
        assertThat(reals(new Pool(Pool.Function.AVERAGE, window, true), x)).containsExactly(2, 7);
    }

    @Test
    void transposeTakesAxesInTheOrderOfThePermutation() {
        assertThat(reals(new Transpose(List.of(2, 0, 1)), counting(1, 2, 3)))
                .containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void sliceWalksBothWays() {
        assertThat(reals(new Slice(1, Dim.of(0), 2, Dim.of(2)), counting(2, 3)))
                .containsExactly(1, 3, 4, 6);
        assertThat(reals(new Slice(0, Dim.of(4), -2, Dim.of(3)), vector(1, 2, 3, 4, 5)))
                .containsExactly(5, 3, 1);
    }

    @Test
    void concatAppendsAlongTheAxis() {
        assertThat(reals(new Concat(1), counting(2, 1), counting(2, 2)))
                .containsExactly(1, 1, 2, 2, 3, 4);
    }

    @Test
    void padsFromEverySource() {
        Tensor x = vector(1, 2, 3);
        List<Integer> two = List.of(2);
        assertThat(reals(new Pad(two, List.of(1), Pad.Mode.CONSTANT, 9), x))
                .containsExactly(9, 9, 1, 2, 3, 9);
        assertThat(reals(new Pad(two, List.of(1), Pad.Mode.EDGE, 0), x))
                .containsExactly(1, 1, 1, 2, 3, 3);
        assertThat(reals(new Pad(two, List.of(1), Pad.Mode.REFLECT, 0), x))
                .containsExactly(3, 2, 1, 2, 3, 2);
    }

    @Test
    void expandRepeatsAndGatherPicks() {
        assertThat(reals(new Expand(Shape.of(2, 3)), vector(1, 2, 3)))
                .containsExactly(1, 2, 3, 1, 2, 3);
        Tensor indices = Tensor.i64(Shape.of(2, 1), 2, 0);
        Tensor picked = Interpreter.evaluate(new Gather(1), List.of(counting(2, 3), indices));
        assertThat(picked.shape()).isEqualTo(Shape.of(2, 2, 1));
        assertThat(picked.toDoubles()).containsExactly(3, 1, 6, 4);
    }

    @Test
    void reducesAxesToExtentOne() {
        Tensor x = counting(2, 3);
        assertThat(reals(new Reduce(Reduce.Function.SUM, List.of(0)), x)).containsExactly(5, 7, 9);
        assertThat(reals(new Reduce(Reduce.Function.MEAN, List.of(1)), x)).containsExactly(2, 5);
        assertThat(reals(new Reduce(Reduce.Function.PROD, List.of(0, 1)), x)).containsExactly(720);
        assertThat(reals(new Reduce(Reduce.Function.MIN, List.of(1)), x)).containsExactly(1, 4);
        assertThat(reals(new Reduce(Reduce.Function.MAX, List.of(0)), x)).containsExactly(4, 5, 6);
    }

    @Test
    void normalisesPerChannel() {
        Tensor x = f32(Shape.of(2, 2, 1), 1, 2, 3, 4);
        double[] y =
                reals(
                        new BatchNorm(3),
                        x,
                        vector(2, 4),
                        vector(10, 20),
                        vector(1, 2),
                        vector(1, 6));
        assertThat(y).containsExactly(10, 20, 12, 20 + 8.0 / 3);
    }

    @Test
    void bindsSymbolsToTheGivenShapes() {
        GraphBuilder builder = new GraphBuilder();
        Dim n = Dim.symbol("N");
        Node x = builder.input("x", new TensorType(DType.F32, new Shape(List.of(n, Dim.of(2)))));
        Node flat = builder.node(new Reshape(new Shape(List.of(n.times(2)))), x);
        Graph graph = new Graph("g", List.of(x), List.of(new Graph.Output("y", flat)));

        Tensor y = Interpreter.run(graph, List.of(counting(3, 2))).getFirst();

        assertThat(y.shape()).isEqualTo(Shape.of(6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interpreter.run(graph, List.of(counting(3, 5))))
                .withMessage("input x: expected f32[N,2], which here is f32[3,2], got f32[3,5]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interpreter.run(graph, Map.of()))
                .withMessage("graph g: no value for input x, expected f32[N,2]");
    }

    @Test
    void namesTheNodeThatFails() {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input("x", TensorType.f32(3));
        Node picked = builder.node(new Gather(0), x, builder.constant(i64(3)));
        Graph graph = new Graph("g", List.of(x), List.of(new Graph.Output("y", picked)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Interpreter.run(graph, List.of(counting(3))))
                .withMessageContaining("Gather")
                .withMessageContaining("3");
    }

    @Test
    void errorFunctionIsAccurate() {
        double[][] table = {
            {1e-8, 1.1283791670955126e-08},
            {0.1, 0.1124629160182849},
            {0.5, 0.5204998778130465},
            {1, 0.8427007929497149},
            {1.5, 0.9661051464753108},
            {2, 0.9953222650189527},
            {2.999, 0.9999777698314002},
            {3, 0.9999779095030014},
            {3.5, 0.9999992569016276},
            {5, 0.9999999999984626},
            {7, 1}
        };
        for (double[] row : table) {
            assertThat(Erf.erf(row[0])).isCloseTo(row[1], within(row[1] * 5e-16));
            assertThat(Erf.erf(-row[0])).isEqualTo(-Erf.erf(row[0]));
        }
        assertThat(Erf.erf(Double.NaN)).isNaN();
    }

    @RepeatedTest(20)
    void convolutionIsItsFormula(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        int groups = 1 + random.nextInt(3);
        int channels = groups * (1 + random.nextInt(3));
        int rows = groups * (1 + random.nextInt(3));
        Window window =
                new Window(
                        two(random, 1),
                        two(random, 1),
                        two(random, 0),
                        two(random, 0),
                        two(random, 1));
        Tensor x = normal(random, 2, channels, 7 + random.nextInt(4), 9);
        Tensor w = normal(random, rows, (long) channels / groups * window.taps());
        Tensor y = Interpreter.evaluate(new Conv(window, groups), List.of(x, w));
        int[] at = new int[4];
        for (int i = 0; i < y.count(); i++) {
            for (int axis = 3, rest = i; axis >= 0; axis--) {
                at[axis] = rest % y.shape().extent(axis);
                rest /= y.shape().extent(axis);
            }
            assertThat(y.doubles()[i])
                    .isCloseTo(convolved(window, groups, x, w, at), within(1e-12));
        }
    }

    private static double convolved(Window window, int groups, Tensor x, Tensor w, int[] at) {
        int inner = x.shape().extent(1) / groups;
        int firstChannel = at[1] / (w.shape().extent(0) / groups) * inner;
        double sum = 0;
        for (int c = 0; c < inner; c++) {
            for (int i = 0; i < window.kernel().get(0); i++) {
                for (int j = 0; j < window.kernel().get(1); j++) {
                    int row =
                            at[2] * window.stride().get(0)
                                    + i * window.dilation().get(0)
                                    - window.padBegin().get(0);
                    int col =
                            at[3] * window.stride().get(1)
                                    + j * window.dilation().get(1)
                                    - window.padBegin().get(1);
                    if (row >= 0
                            && row < x.shape().extent(2)
                            && col >= 0
                            && col < x.shape().extent(3)) {
                        int tap = (c * window.kernel().get(0) + i) * window.kernel().get(1) + j;
                        sum +=
                                w.doubles()[at[1] * w.shape().extent(1) + tap]
                                        * x.doubles()[
                                                ((at[0] * x.shape().extent(1) + firstChannel + c)
                                                                                * x.shape()
                                                                                        .extent(2)
                                                                        + row)
                                                                * x.shape().extent(3)
                                                        + col];
                    }
                }
            }
        }
        return sum;
    }

    private static List<Integer> two(Random random, int least) {
        return List.of(random.nextInt(least, least + 3), random.nextInt(least, least + 3));
    }

    private static Tensor normal(Random random, long... extents) {
        Shape shape = Shape.of(extents);
        return Tensor.f64(
                shape,
                IntStream.range(0, shape.count())
                        .mapToDouble(_ -> random.nextGaussian())
                        .toArray());
    }

    @TestFactory
    Stream<DynamicTest> everyOpGivesTheTypeItInfers() {
        return OpSamples.all()
                .map(
                        sample -> {
                            Graph graph = Symbols.bind(sample, Map.of("N", 3L));
                            Node result = graph.outputs().getFirst().node();
                            return DynamicTest.dynamicTest(
                                    result.toString(),
                                    () -> {
                                        List<Tensor> inputs =
                                                graph.inputs().stream()
                                                        .map(input -> zeros(input.type()))
                                                        .toList();
                                        Tensor value = Interpreter.run(graph, inputs).getFirst();
                                        assertThat(value.shape()).isEqualTo(result.shape());
                                        DType carried =
                                                result.type().dtype().isFloating()
                                                        ? DType.F64
                                                        : result.type().dtype();
                                        assertThat(value.dtype()).isEqualTo(carried);
                                    });
                        });
    }

    private static Tensor zeros(TensorType type) {
        return type.dtype().isFloating()
                ? Tensor.f64(type.shape(), new double[type.shape().count()])
                : Tensor.integers(type.dtype(), type.shape(), new long[type.shape().count()]);
    }
}
