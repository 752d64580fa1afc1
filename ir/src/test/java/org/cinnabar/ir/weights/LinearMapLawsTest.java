package org.cinnabar.ir.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.OpSamples;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.text.GraphParser;
import org.cinnabar.ir.text.GraphPrinter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What must hold of every structure of weights in every encoding, however nested. */
class LinearMapLawsTest {
    private static final int ROUNDS = 5;
    private static final int LARGEST = 4;

    /** A law about one map, given random numbers to try it on. */
    private interface Law {
        void check(LinearMap map, Random random);
    }

    private static Stream<DynamicTest> everyStructure(Law law) {
        return OpSamples.permitted(LinearMap.class)
                .flatMap(
                        type ->
                                IntStream.range(0, ROUNDS)
                                        .mapToObj(
                                                round -> {
                                                    LinearMap map =
                                                            random(
                                                                    type,
                                                                    1 + round % LARGEST,
                                                                    2,
                                                                    new Random(round));
                                                    return DynamicTest.dynamicTest(
                                                            type.getSimpleName() + " " + round,
                                                            () ->
                                                                    law.check(
                                                                            map,
                                                                            new Random(round)));
                                                }));
    }

    /** A map of the given type, with {@code rows} rows and parts nested up to {@code depth}. */
    private static LinearMap random(Class<?> type, int rows, int depth, Random random) {
        return switch (type.getSimpleName()) {
            case "Matrix" -> new Matrix(encoded(random, rows, 1 + random.nextInt(LARGEST)));
            case "Diagonal" -> new Diagonal(encoded(random, rows));
            case "Product" -> {
                LinearMap first = part(rows, depth, random);
                LinearMap second = part(first.cols(), depth, random);
                yield new Product(List.of(first, second, part(second.cols(), depth, random)));
            }
            case String name -> throw new AssertionError("add a generator of " + name);
        };
    }

    private static LinearMap part(int rows, int depth, Random random) {
        List<Class<?>> types =
                OpSamples.permitted(LinearMap.class)
                        .filter(type -> depth > 0 || type != Product.class)
                        .toList();
        return random(types.get(random.nextInt(types.size())), rows, depth - 1, random);
    }

    private static Encoded encoded(Random random, long... extents) {
        List<Class<?>> types = OpSamples.permitted(Encoded.class).toList();
        return switch (types.get(random.nextInt(types.size())).getSimpleName()) {
            case "F32" -> F32.of(normal(Shape.of(extents), random).toFloats(), extents);
            case String name -> throw new AssertionError("add a generator of " + name);
        };
    }

    private static Tensor normal(Shape shape, Random random) {
        double[] values = new double[shape.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Tensor.f64(shape, values);
    }

    private static Graph graph(LinearMap map, boolean inCoreOps) {
        GraphBuilder builder = new GraphBuilder();
        Node x = builder.input("x", TensorType.f32(3, map.cols()));
        Node y =
                inCoreOps
                        ? LinearMaps.apply(map, x, builder)
                        : builder.node(new Linear(), x, builder.weight(map));
        return new Graph("law", List.of(x), List.of(new Graph.Output("y", y)));
    }

    @TestFactory
    Stream<DynamicTest> applyIsTheDenseProduct() {
        return everyStructure(
                (map, random) -> {
                    Tensor x = normal(Shape.of(3, map.cols()), random);
                    float[] dense = LinearMaps.dense(map);
                    assertThat(dense).hasSize(map.rows() * map.cols());
                    double[] expected = new double[3 * map.rows()];
                    for (int i = 0; i < expected.length; i++) {
                        for (int j = 0; j < map.cols(); j++) {
                            double entry = dense[i % map.rows() * map.cols() + j];
                            expected[i] += entry * x.doubles()[i / map.rows() * map.cols() + j];
                        }
                    }
                    for (boolean inCoreOps : new boolean[] {false, true}) {
                        Tensor y = Interpreter.run(graph(map, inCoreOps), List.of(x)).getFirst();
                        assertThat(y.shape()).isEqualTo(Shape.of(3, map.rows()));
                        assertThat(y.doubles()).containsExactly(expected, within(1e-4));
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> parseReadsWhatWasPrinted() {
        return everyStructure(
                (map, _) -> {
                    String text = GraphPrinter.print(graph(map, false));
                    Graph read = GraphParser.parse(text);
                    assertThat(GraphPrinter.print(read)).isEqualTo(text);
                    LinearMap again = ((Weight) read.outputs().getFirst().node().in(1).op()).map();
                    assertThat(again).hasSameClassAs(map);
                    assertThat(LinearMaps.dense(again)).containsExactly(LinearMaps.dense(map));
                });
    }
}
