package org.cinnabar.passes.gradients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.Diagonal;
import org.cinnabar.ir.weights.Encoded;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.LinearMap;
import org.cinnabar.ir.weights.LinearMaps;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.ir.weights.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientsTest {
    private static final double STEP = 1e-5;
    private static final double TOLERANCE = 2e-7;

    /** An op on operands of the given types; those that are constants are not differentiated. */
    record Case(Op op, List<Object> operands, DoubleUnaryOperator domain) {
        Case(Op op, Object... operands) {
            this(op, Arrays.asList(operands), v -> v);
        }

        Case over(DoubleUnaryOperator domain) {
            return new Case(op, operands, domain);
        }

        @Override
        public String toString() {
            return op + " of " + operands.stream().map(o -> o.getClass().getSimpleName()).toList();
        }
    }

    private static TensorType t(long... extents) {
        return TensorType.f32(extents);
    }

    private static Tensor random(long... extents) {
        Random random = new Random(5);
        Shape shape = Shape.of(extents);
        float[] values = new float[shape.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.f32(shape, values);
    }

    private static LinearMap matrix(int rows, int cols) {
        return new Matrix(new F32(random(rows, cols)));
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Unary.Function f : Unary.Function.values()) {
            if (f == Unary.Function.NOT) {
                continue;
            }
            boolean positive = f == Unary.Function.SQRT || f == Unary.Function.LOG;
            cases.add(new Case(new Unary(f), t(3, 5)).over(v -> positive ? Math.abs(v) + 0.5 : v));
        }
        for (Binary.Function f : Binary.Function.values()) {
            if (!f.isPredicate()) {
                cases.add(new Case(new Binary(f), t(2, 3, 5), t(3, 1)).over(v -> Math.abs(v) + 1));
                cases.add(new Case(new Binary(f), t(1, 5), t(7, 3, 1)).over(v -> Math.abs(v) + 1));
            }
        }
        Tensor mask = Tensor.integers(DType.BOOL, Shape.of(3, 1), 1, 0, 1);
        cases.add(new Case(new Select(), mask, t(3, 5), t(1, 5)));
        cases.add(new Case(new Clip(-0.5, 0.75), t(3, 5)));
        cases.add(new Case(new Clip(0, Double.POSITIVE_INFINITY), t(3, 5)));
        cases.add(new Case(new Cast(DType.F64), t(3, 5)));
        windows(cases);
        cases.add(new Case(new Linear(), t(3, 5), t(7, 5)));
        cases.add(new Case(new Linear(), t(2, 3, 5), t(7, 5)));
        cases.add(new Case(new Linear(), t(3, 5), matrix(7, 5)));
        cases.add(new Case(new Linear(), t(3, 7), new Diagonal(new F32(random(7)))));
        cases.add(
                new Case(new Linear(), t(3, 5), new Product(List.of(matrix(7, 2), matrix(2, 5)))));
        cases.add(new Case(new MatMul(), t(3, 5), t(5, 7)));
        cases.add(new Case(new MatMul(), t(2, 1, 3, 5), t(3, 5, 7)));
        cases.add(new Case(new MatMul(), t(3, 3, 5), t(5, 7)));
        movements(cases);
        for (Reduce.Function f : Reduce.Function.values()) {
            cases.add(new Case(new Reduce(f, List.of(0, 2)), t(3, 5, 7)));
            cases.add(new Case(new Reduce(f, List.of(1)), t(3, 5)));
        }
        cases.add(
                new Case(new BatchNorm(1e-3), t(3, 5, 2), t(5), t(5), t(5), t(5))
                        .over(v -> Math.abs(v) + 0.5));
        return cases.stream();
    }

    private static void windows(List<Case> cases) {
        for (String window :
                List.of(
                        "3x3+1",
                        "5x5",
                        "3x3/2+1",
                        "3x2/2+1:0x1@2x1",
                        "1x1/2",
                        "2x3/3x2",
                        "2x2/3")) {
            Window w = Window.parse(window);
            TensorType x = t(2, 4, 9, 7);
            cases.add(new Case(new Conv(w, 1), x, t(3, 4L * w.taps())));
            cases.add(new Case(new Conv(w, 1), x, t(3, 4, w.kernel().get(0), w.kernel().get(1))));
            cases.add(new Case(new Conv(w, 2), x, t(6, 2L * w.taps())));
            cases.add(new Case(new Conv(w, 4), x, t(4, w.taps())));
            cases.add(new Case(new Conv(w, 1), x, matrix(3, 4 * w.taps())));
            cases.add(
                    new Case(
                            new Conv(w, 1),
                            x,
                            new Product(List.of(matrix(3, 2), matrix(2, 4 * w.taps())))));
            TensorType y = new Conv(w, 1).infer(List.of(x, t(6, 4L * w.taps())));
            cases.add(new Case(new Correlate(w, 1), x, y));
            cases.add(new Case(new Correlate(w, 2), x, y));
            if (!window.equals("3x2/2+1:0x1@2x1")) {
                cases.add(new Case(new Pool(Pool.Function.MAX, w, false), x));
            }
            cases.add(new Case(new Pool(Pool.Function.AVERAGE, w, true), x));
            cases.add(new Case(new Pool(Pool.Function.AVERAGE, w, false), x));
        }
        cases.add(new Case(new Conv(Window.parse("3/2+1@2"), 1), t(2, 3, 11), t(5, 9)));
        cases.add(new Case(new Conv(Window.parse("2x2x2"), 1), t(1, 2, 3, 4, 5), t(3, 16)));
        cases.add(new Case(new Conv(Window.parse("1x1+1"), 1), t(1, 2, 3, 5), t(3, 2)));
    }

    private static void movements(List<Case> cases) {
        cases.add(new Case(new Reshape(Shape.of(5, 6)), t(2, 3, 5)));
        cases.add(new Case(new Transpose(List.of(2, 0, 1)), t(2, 3, 5)));
        cases.add(new Case(new Slice(1, Dim.of(1), 1, Dim.of(3)), t(2, 5)));
        cases.add(new Case(new Slice(1, Dim.of(4), -2, Dim.of(3)), t(2, 5)));
        cases.add(new Case(new Slice(0, Dim.of(1), 3, Dim.of(2)), t(7, 2)));
        cases.add(new Case(new Concat(1), t(2, 3), t(2, 1), t(2, 5)));
        for (Pad.Mode mode : Pad.Mode.values()) {
            cases.add(new Case(new Pad(List.of(2, 0), List.of(1, 3), mode, 0.5), t(3, 5)));
        }
        cases.add(new Case(new Expand(Shape.of(2, 3, 5)), t(3, 1)));
        Tensor index = Tensor.i64(Shape.of(2, 2), 0, 2, 2, 1);
        cases.add(new Case(new Gather(1), t(2, 3, 5), index));
        cases.add(new Case(new ScatterAdd(1, 4), t(3, 2, 2, 5), index));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreeWithFiniteDifferences(Case c) {
        GraphBuilder builder = new GraphBuilder();
        List<Node> inputs = new ArrayList<>();
        List<Node> operands = new ArrayList<>();
        for (Object operand : c.operands()) {
            switch (operand) {
                case TensorType type -> {
                    inputs.add(builder.input("x" + inputs.size(), type));
                    operands.add(inputs.getLast());
                }
                case Tensor value -> operands.add(builder.constant(value));
                case LinearMap map -> operands.add(builder.weight(map));
                default -> throw new AssertionError(operand);
            }
        }
        Node y = builder.node(c.op(), operands);
        check(weighted(y, builder), inputs, Map.of(), builder, c.domain());
    }

    @Test
    void listsEveryOp() {
        List<Class<?>> covered = cases().<Class<?>>map(c -> c.op().getClass()).distinct().toList();
        List<Class<?>> without =
                List.of(Input.class, Constant.class, Weight.class, MaxUnpool.class);
        assertThat(permitted(Op.class).filter(type -> !without.contains(type)))
                .containsExactlyInAnyOrderElementsOf(covered);
    }

    private static Stream<Class<?>> permitted(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GradientsTest::permitted)
                : Stream.of(type);
    }

    @Test
    void addUpOverAllPaths() {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input("x", t(3, 5));
        Node y = builder.node(new Unary(Unary.Function.TANH), x);
        Node z = builder.node(new Binary(Binary.Function.MUL), y, x);
        Node sum = builder.node(new Binary(Binary.Function.ADD), z, y);
        check(weighted(sum, builder), List.of(x), Map.of(), builder, v -> v);
    }

    @Test
    void areZeroWhereTheLossDoesNotDepend() {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input("x", t(3));
        Node other = builder.input("other", t(5));
        Node gradient = Gradients.of(weighted(x, builder), List.of(other), builder).getFirst();
        Graph graph = new Graph("g", List.of(x, other), List.of(new Graph.Output("g", gradient)));
        assertThat(Interpreter.run(graph, List.of(random(3), random(5))).getFirst().doubles())
                .containsOnly(0)
                .hasSize(5);
    }

    @Test
    void takesThePullbackThatIsGiven() {
        GraphBuilder builder = new GraphBuilder();
        Node w = builder.input("w", t(5));
        Node sign = builder.node(new Unary(Unary.Function.SIGN), w);
        Policies.Effective ste = Policies.straightThrough(sign, w, builder);
        double[] g = gradient(ste, w, builder, Tensor.f32(Shape.of(5), -2, -1, 0.5f, 1, 1.5f));
        assertThat(g).containsExactly(0, 2, 3, 4, 0);
    }

    @Test
    void masksStopGradientsUnlessTheyAreDense() {
        GraphBuilder builder = new GraphBuilder();
        Node w = builder.input("w", t(5));
        Tensor mask = Tensor.f32(Shape.of(5), 1, 0, 1, 0, 1);
        Tensor value = random(5);
        assertThat(gradient(Policies.masked(w, mask, builder), w, builder, value))
                .containsExactly(1, 0, 3, 0, 5);
        assertThat(gradient(Policies.dense(w, mask, builder), w, builder, value))
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(gradient(Policies.exact(w), w, builder, value)).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void addUpOverTies() {
        GraphBuilder builder = new GraphBuilder();
        Node w = builder.input("w", t(2));
        Tensor index = Tensor.i64(Shape.of(5), 0, 1, 1, 0, 1);
        Tensor signs = Tensor.f32(Shape.of(5), 1, 1, -1, -1, 1);
        assertThat(gradient(Policies.tied(w, index, signs, builder), w, builder, random(2)))
                .containsExactly(1 - 4, 2 - 3 + 5);
    }

    static Stream<LinearMap> maps() {
        return Stream.of(
                matrix(3, 5),
                new Diagonal(new F32(random(5))),
                new Product(List.of(matrix(3, 2), matrix(2, 5))),
                new Product(List.of(matrix(3, 5), new Diagonal(new F32(random(5))))));
    }

    @Test
    void hasAMapOfEveryType() {
        assertThat(permitted(LinearMap.class))
                .containsExactlyInAnyOrderElementsOf(
                        maps().<Class<?>>map(LinearMap::getClass).distinct().toList());
    }

    @ParameterizedTest
    @MethodSource("maps")
    void reachTheLeavesOfEveryMap(LinearMap map) {
        GraphBuilder builder = new GraphBuilder();
        List<Node> inputs = new ArrayList<>();
        List<Encoded> leaves = Leaves.of(map).toList();
        for (Encoded leaf : leaves) {
            inputs.add(builder.input("w" + inputs.size(), new TensorType(DType.F32, leaf.shape())));
        }
        Node dense = Leaves.dense(map, leaf -> inputs.get(leaves.indexOf(leaf)), builder);
        Graph graph = new Graph("g", inputs, List.of(new Graph.Output("w", dense)));
        List<Tensor> values =
                leaves.stream().map(leaf -> Tensor.f32(leaf.shape(), leaf.decode())).toList();
        assertThat(Interpreter.run(graph, values).getFirst().toFloats())
                .containsExactly(LinearMaps.dense(map), within(1e-6f));
        check(weighted(dense, builder), inputs, Map.of(), builder, v -> v);
    }

    @ParameterizedTest
    @MethodSource("maps")
    void reachTheLeavesThroughEveryLayer(LinearMap map) {
        GraphBuilder builder = new GraphBuilder();
        List<Encoded> leaves = Leaves.of(map).toList();
        List<Node> inputs = new ArrayList<>();
        for (Encoded leaf : leaves) {
            inputs.add(builder.input("w" + inputs.size(), new TensorType(DType.F32, leaf.shape())));
        }
        Node dense = Leaves.dense(map, leaf -> inputs.get(leaves.indexOf(leaf)), builder);
        Node x = builder.input("x", t(3, 5));
        Node images = builder.input("images", t(2, 5, 3, 7));
        inputs.addAll(List.of(x, images));
        Node linear = builder.node(new Linear(), x, dense);
        Node conv = builder.node(new Conv(Window.parse("1x1/2"), 1), images, dense);
        Node loss =
                builder.node(
                        new Binary(Binary.Function.ADD),
                        weighted(linear, builder),
                        weighted(conv, builder));
        check(loss, inputs, Map.of(), builder, v -> v);
    }

    @Test
    void rejectsALossThatIsNoScalar() {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input("x", t(3));
        assertThatThrownBy(() -> Gradients.of(x, List.of(x), builder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scalar loss")
                .hasMessageContaining("f32[3]");
    }

    /** The gradient of {@code Σ (i + 1)·value[i]}. */
    private static double[] gradient(
            Policies.Effective effective, Node w, GraphBuilder builder, Tensor at) {
        Node factors = builder.constant(Tensor.f32(Shape.of(5), 1, 2, 3, 4, 5));
        Node loss =
                builder.node(
                        new Reduce(Reduce.Function.SUM, List.of(0)),
                        builder.node(new Binary(Binary.Function.MUL), effective.value(), factors));
        Node gradient = Gradients.of(loss, List.of(w), effective.pullbacks(), builder).getFirst();
        Graph graph = new Graph("g", List.of(w), List.of(new Graph.Output("g", gradient)));
        return Interpreter.run(graph, List.of(at)).getFirst().doubles();
    }

    private static Node weighted(Node y, GraphBuilder builder) {
        Node product =
                builder.node(
                        new Binary(Binary.Function.MUL),
                        y.type().dtype() == DType.F32 ? y : builder.node(new Cast(DType.F32), y),
                        builder.constant(
                                random(
                                        Arrays.stream(y.shape().extents())
                                                .asLongStream()
                                                .toArray())));
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < y.shape().rank(); axis++) {
            axes.add(axis);
        }
        return builder.node(new Reduce(Reduce.Function.SUM, axes), product);
    }

    private static void check(
            Node loss,
            List<Node> inputs,
            Map<Node, Pullback> given,
            GraphBuilder builder,
            DoubleUnaryOperator domain) {
        List<Node> gradients = Gradients.of(loss, inputs, given, builder);
        List<Graph.Output> outputs = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(gradients.get(i).type()).isEqualTo(inputs.get(i).type());
            outputs.add(new Graph.Output("g" + i, gradients.get(i)));
        }
        Graph backward = new Graph("backward", inputs, outputs);
        Graph forward = new Graph("forward", inputs, List.of(new Graph.Output("loss", loss)));
        Random random = new Random(11);
        List<Tensor> at = new ArrayList<>();
        for (Node input : inputs) {
            double[] values = new double[input.shape().count()];
            Arrays.setAll(values, _ -> domain.applyAsDouble(random.nextGaussian()));
            at.add(Tensor.f64(input.shape(), values));
        }
        List<Tensor> seen = Interpreter.run(backward, at);
        for (int i = 0; i < inputs.size(); i++) {
            double[] values = at.get(i).doubles();
            double[] gradient = seen.get(i).doubles();
            double scale = 1 + Arrays.stream(gradient).map(Math::abs).max().orElse(0);
            for (int j = 0; j < values.length; j++) {
                double kept = values[j];
                values[j] = kept + STEP;
                double above = Interpreter.run(forward, at).getFirst().doubles()[0];
                values[j] = kept - STEP;
                double below = Interpreter.run(forward, at).getFirst().doubles()[0];
                values[j] = kept;
                assertThat(gradient[j])
                        .as("operand %d, entry %d", i, j)
                        .isCloseTo((above - below) / (2 * STEP), within(TOLERANCE * scale));
            }
        }
    }
}
