package org.cinnabar.ir.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.InternalCompilerError;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.OpSamples;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.text.GraphParser;
import org.junit.jupiter.api.Test;

class VerifierTest {
    private static final TensorType THREE = TensorType.f32(3);

    private static Node node(Op op, TensorType type, Node... in) {
        return new Node(op, List.of(in), type, new Origin("layer", "Layer"));
    }

    private static Graph graph(Node result, Node... inputs) {
        return new Graph("g", List.of(inputs), List.of(new Graph.Output("y", result)));
    }

    private static List<String> messages(Graph graph, Stage stage) {
        return Verifier.violations(graph, stage).stream().map(Violation::message).toList();
    }

    private static List<String> canonical(String body) {
        return messages(
                GraphParser.parse(
                        "graph @g(%x: f32[N,3,5]) -> (%y) {\n"
                                + body
                                + "\n}\n@w = matrix(f32[2,3] 1)"),
                Stage.CANONICAL);
    }

    @Test
    void everySampleIsWellFormed() {
        assertThat(
                        OpSamples.all()
                                .filter(
                                        graph ->
                                                !(graph.outputs().getFirst().node().op()
                                                        instanceof Weight)))
                .allSatisfy(graph -> assertThat(messages(graph, Stage.IMPORTED)).isEmpty());
    }

    @Test
    void rejectsAStoredTypeThatIsNotInferred() {
        Node x = node(new Input("x", THREE), THREE);
        Node y = node(new Unary(Unary.Function.RELU), TensorType.f32(4), x);
        assertThat(messages(graph(y, x), Stage.IMPORTED))
                .containsExactly("the op infers type f32[3]");
    }

    @Test
    void rejectsOperandsThatDoNotFit() {
        Node x = node(new Input("x", THREE), THREE);
        Node y = node(new Reshape(Shape.of(4)), TensorType.f32(4), x);
        assertThat(messages(graph(y, x), Stage.IMPORTED))
                .containsExactly(
                        "the operands do not fit: reshape of f32[3] (3 elements) to [4] (4)");
    }

    @Test
    void rejectsAnInputThatIsNotListed() {
        Node x = node(new Input("x", THREE), THREE);
        assertThat(messages(graph(x), Stage.IMPORTED))
                .containsExactly("the input is used but not listed in the graph");
    }

    @Test
    void rejectsSymbolsThatNoInputHas() {
        TensorType symbolic =
                new TensorType(DType.F32, new Shape(List.of(Dim.symbol("M"), Dim.symbol("N"))));
        Node x = node(new Input("x", symbolic), symbolic);
        Node y = node(new Unary(Unary.Function.RELU), symbolic, x);
        assertThat(messages(graph(y), Stage.IMPORTED)).contains("no input has the symbols [M, N]");
    }

    @Test
    void rejectsAWeightAsResult() {
        Graph graph = GraphParser.parse("graph @g() -> (@w) {}\n@w = matrix(f32[2,3] 1)");
        assertThat(messages(graph, Stage.IMPORTED))
                .containsExactly("a weight is a result of the graph");
    }

    @Test
    void rejectsOpsThatGiveBackTheirOperand() {
        for (String op :
                List.of(
                        "reshape(%x) shape=[N,3,5]",
                        "expand(%x) shape=[N,3,5]",
                        "cast(%x) to=f32",
                        "pad(%x) begin=[0,0,0] end=[0,0,0] mode=edge value=0",
                        "concat(%x) axis=1",
                        "transpose(%x) permutation=[0,1,2]",
                        "slice(%x) axis=2 start=0 step=1 count=5",
                        "clip(%x) low=-inf high=inf")) {
            assertThat(canonical("%y = " + op))
                    .as(op)
                    .containsExactly("the op gives back its operand");
        }
    }

    @Test
    void acceptsOpsThatChangeTheirOperand() {
        for (String op :
                List.of(
                        "reshape(%x) shape=[N,5,3]",
                        "expand(%x) shape=[2,N,3,5]",
                        "cast(%x) to=f64",
                        "pad(%x) begin=[0,0,0] end=[0,0,1] mode=edge value=0",
                        "concat(%x, %x) axis=1",
                        "transpose(%x) permutation=[0,2,1]",
                        "slice(%x) axis=2 start=4 step=-1 count=5",
                        "clip(%x) low=0 high=inf")) {
            assertThat(canonical("%y = " + op)).as(op).isEmpty();
        }
    }

    @Test
    void acceptsConstantsThatAreOnlyBroadcast() {
        assertThat(canonical("%c = const f32[] 1\n%y = expand(%c) shape=[7,9]")).isEmpty();
        assertThat(canonical("%c = const f32[3] 1\n%y = neg(%c)"))
                .containsExactly("the op works on constants alone");
    }

    @Test
    void rejectsAComputedWeightInCanonicalForm() {
        String body = "%c = const f32[2,3] 1\n%y = conv(%x, %c) window=1 groups=1";
        assertThat(canonical(body))
                .singleElement()
                .asString()
                .startsWith("operand 1 is not a weight but Constant");
        assertThat(canonical(body.replace("%c)", "@w)"))).isEmpty();
    }

    @Test
    void errorShowsEveryViolationAndTheGraph() {
        Graph graph =
                GraphParser.parse(
                        """
                graph @g(%x: f32[3]) -> (%y) {
                  %1 = reshape(%x) shape=[3]  ; flatten (Flatten)
                  %y = cast(%1) to=f32
                }
                """);
        assertThatThrownBy(() -> Verifier.verify(graph, Stage.CANONICAL))
                .isInstanceOf(InternalCompilerError.class)
                .hasMessageContaining("graph g is not canonical")
                .hasMessageContaining("flatten (Flatten): the op gives back its operand")
                .hasMessageContaining("Cast[to=f32]")
                .hasMessageContaining("%1 = reshape(%x) shape=[3] : f32[3]  ; flatten (Flatten)");
        Verifier.verify(graph, Stage.IMPORTED);
    }
}
