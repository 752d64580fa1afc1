package org.cinnabar.ir.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.OpSamples;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Weight;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTextTest {
    private static final String EXAMPLE =
            """
            graph @lenet(%x: f32[N,1,28,28]) -> (%y: f32[N,6,28,28], logits = %2: f32[6,1,1]) {
              %1 = conv(%x, @w1) window=5x5+2 groups=1 : f32[N,6,28,28]  ; Conv_0 (Conv)
              %2 = const f32[6,1,1] normal(seed=3)
              %3 = add(%1, %2) : f32[N,6,28,28]  ; "a name: with \\"quotes\\"" (Add)
              %4 = clip(%3) low=0 high=inf : f32[N,6,28,28]
              %y = reshape(%4) shape=[N,6,28,28] : f32[N,6,28,28]  ; /flat/Reshape
            }
            @w1 = product(matrix(f32[6,3] uniform(seed=1)), diagonal(f32[3] 1), matrix(f32[3,25] iota))
            """;

    @Test
    void printsWhatWasRead() {
        GraphParser parser = new GraphParser(EXAMPLE);
        assertThat(GraphPrinter.print(parser.graph(), parser.literals()))
                .isEqualTo(
                        EXAMPLE.replace("logits = %2", "%logits")
                                .replace("%2", "%logits")
                                .replace("%3", "%2")
                                .replace("%4", "%3"));
    }

    @TestFactory
    Stream<DynamicTest> everyOpRoundTrips() {
        return OpSamples.all()
                .map(
                        graph -> {
                            String text = GraphPrinter.print(graph);
                            return DynamicTest.dynamicTest(
                                    text.lines().skip(1).findFirst().orElseThrow(),
                                    () -> {
                                        GraphParser parser = new GraphParser(text);
                                        assertThat(
                                                        GraphPrinter.print(
                                                                parser.graph(), parser.literals()))
                                                .isEqualTo(text);
                                        Node original = graph.outputs().getFirst().node();
                                        Node read = parser.graph().outputs().getFirst().node();
                                        assertThat(read.type()).isEqualTo(original.type());
                                        if (!(read.op() instanceof Constant
                                                || original.op() instanceof Weight)) {
                                            assertThat(read.op()).isEqualTo(original.op());
                                        }
                                    });
                        });
    }

    @Test
    void sharedWeightsAreOneNode() {
        Graph graph =
                GraphParser.parse(
                        """
                graph @g(%x: f32[N,3]) -> (%y) {
                  %a = linear(%x, @w)
                  %y = linear(%a, @w)
                }
                @w = matrix(f32[3,3] normal(seed=1))
                """);
        Node y = graph.outputs().getFirst().node();
        assertThat(y.in(1)).isSameAs(y.in(0).in(1));
    }

    @Test
    void equalLinesStayTwoNodes() {
        Graph graph =
                GraphParser.parse(
                        """
                graph @g(%x: f32[3]) -> (%y) {
                  %a = relu(%x)
                  %b = relu(%x)
                  %y = add(%a, %b)
                }
                """);
        assertThat(graph.nodes()).hasSize(4);
    }

    @Test
    void inputsMayBeOutputs() {
        String text =
                """
                graph @g(%x: f32[3], %"in:1": f32[]) -> (%x: f32[3], same = %x: f32[3], %"in:1": f32[]) {
                }
                """;
        assertThat(GraphPrinter.print(GraphParser.parse(text))).isEqualTo(text);
    }

    @Test
    void numbersAvoidNamesOfInputs() {
        String text =
                """
                graph @g(%1: f32[3]) -> (%y: f32[3]) {
                  %2 = relu(%1) : f32[3]
                  %y = neg(%2) : f32[3]
                }
                """;
        assertThat(GraphPrinter.print(GraphParser.parse(text))).isEqualTo(text);
    }

    @Test
    void literalsGiveTheirValues() {
        assertThat(constant("f32[2,2] [1,-0,nan,1e-3]").floats())
                .containsExactly(1, -0f, Float.NaN, 1e-3f);
        assertThat(constant("i8[3] -7").longs()).containsExactly(-7, -7, -7);
        assertThat(constant("i64[4] iota").longs()).containsExactly(0, 1, 2, 3);
        assertThat(constant("bool[2] [true,false]").longs()).containsExactly(1, 0);
        assertThat(constant("f32[2] ones").floats()).containsExactly(1, 1);
        assertThat(constant("f32[1000] normal(seed=5)").floats())
                .containsExactly(constant("f32[10,100] normal(seed=5)").floats());
        assertThat(DoubleStream.of(constant("f32[1000] uniform(seed=5)").toDoubles()))
                .allMatch(v -> v >= 0 && v <= 1);
    }

    private static Tensor constant(String literal) {
        Node node =
                GraphParser.parse("graph @g() -> (%c) { %c = const " + literal + " }")
                        .outputs()
                        .getFirst()
                        .node();
        return ((Constant) node.op()).value();
    }

    @Test
    void longValuesPrintAsChecksumOfWhatTheyAre() {
        float[] values = new float[17];
        values[16] = 1;
        Tensor tensor = Tensor.f32(Shape.of(17), values);
        String text = new Literals().print(tensor);
        assertThat(text).matches("f32\\[17] data\\([0-9a-f]{8}\\)");
        values[3] = -0f;
        assertThat(new Literals().print(tensor)).isNotEqualTo(text);
        assertThatThrownBy(() -> constant(text))
                .isInstanceOf(SyntaxError.class)
                .hasMessageContaining("values that were not printed");
    }

    @Test
    void originsSurvive() {
        for (Origin origin :
                List.of(new Origin("a", "B"), new Origin("", "B"), new Origin("a b#;\\\"", ""))) {
            String text =
                    "graph @g() -> (%c) { %c = const f32[] 0  ; "
                            + Cursor.quote(origin.node())
                            + (origin.operator().isEmpty() ? "" : " (" + origin.operator() + ")")
                            + "\n}";
            assertThat(GraphParser.parse(text).outputs().getFirst().node().origin())
                    .isEqualTo(origin);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    %y = relu(%z)                | line 2, column 11: expected a value defined before, found %z
                    %y = relu(%x) : f32[4]       | line 2, column 17: expected the inferred type f32[3], found f32[4]
                    %y = add(%x)                 | line 2, column 1: expected operands that fit, found ADD takes 2 operands, got 1
                    %y = clip(%x) low=0          | line 3, column 1: expected an attribute of [low, high], found '}'
                    %y = clip(%x) low=1 high=0   | line 2, column 15: expected attributes that fit, found clip needs low <= high, got 1.0 and 0.0
                    %y = clip(%x) low=0 low=0    | line 2, column 21: expected each attribute of [low, high] once, found another
                    %x = relu(%x)                | line 2, column 1: expected a new name, found %x again
                    %y = relu(%x : f32[3]        | line 2, column 14: expected ')', found ': f32[3]'
                    %y = cast(%x) to=f16         | line 2, column 18: expected one of [f32, f64, i8, u8, i32, i64, bool], found 'f16'
                    %y = const f32[2] [1,2,3]    | line 2, column 19: expected as many values as elements, found shape [2] has 2 elements, got 3 values
                    %y = const i8[2] normal(seed=1) | line 2, column 18: expected values of i8[2], found random numbers for i8
                    %y = const f32[N] 0          | line 2, column 12: expected a known shape, found f32[N]
                    """)
    void namesWhatIsWrongAndWhere(String line, String message) {
        assertThatThrownBy(
                        () -> GraphParser.parse("graph @g(%x: f32[3]) -> (%y) {\n" + line + "\n}"))
                .isInstanceOf(SyntaxError.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    matrix(f32[6] 0)                        | expected parts that fit, found a matrix needs entries of rank 2, got [6]
                    product(matrix(f32[6,2] 0), diagonal(f32[3] 0)) | expected parts that fit, found factor 0 has 2 columns, factor 1 has 3 rows
                    toeplitz(f32[3] 0)                      | expected one of [matrix, diagonal, product], found 'toeplitz'
                    matrix(f32[6,2] 0, f32[6,2] 0)          | expected ')', found ', f32[6,2] 0)'
                    """)
    void namesWhatIsWrongInAWeight(String map, String message) {
        assertThatThrownBy(() -> GraphParser.parse("graph @g() -> () {}\n@w = " + map))
                .isInstanceOf(SyntaxError.class)
                .hasMessageStartingWith("line 2")
                .hasMessageEndingWith(message);
    }

    @Test
    void everyWordIsUsedOnce() {
        List<String> words =
                OpSamples.all()
                        .map(graph -> graph.outputs().getFirst().node().op())
                        .distinct()
                        .map(op -> op.getClass().getSimpleName() + " " + Ops.word(op))
                        .distinct()
                        .map(word -> word.substring(word.indexOf(' ') + 1))
                        .toList();
        assertThat(words).doesNotHaveDuplicates();
    }
}
