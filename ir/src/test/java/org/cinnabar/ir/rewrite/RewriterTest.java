package org.cinnabar.ir.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.InternalCompilerError;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Unary;
import org.junit.jupiter.api.Test;

class RewriterTest {
    private static final Op NEG = new Unary(Unary.Function.NEG);
    private static final Op ABS = new Unary(Unary.Function.ABS);
    private static final Op EXP = new Unary(Unary.Function.EXP);
    private static final Op ADD = new Binary(Binary.Function.ADD);

    /** neg(neg x) → x. */
    private static final Rule NEG_NEG =
            Rule.exact(
                    "neg-of-neg",
                    (node, _) ->
                            node.op().equals(NEG) && node.in(0).op().equals(NEG)
                                    ? node.in(0).in(0)
                                    : null);

    /** neg x → abs x, which is not even true. */
    private static final Rule NEG_TO_ABS =
            Rule.exact(
                    "neg-to-abs",
                    (node, context) ->
                            node.op().equals(NEG) ? context.node(ABS, node.in(0)) : null);

    private static final Rule ABS_TO_NEG =
            Rule.exact(
                    "abs-to-neg",
                    (node, context) ->
                            node.op().equals(ABS) ? context.node(NEG, node.in(0)) : null);

    private final GraphBuilder builder = new GraphBuilder();
    private final Node x = builder.input("x", TensorType.f32(3, 5));

    private Graph graph(Node... outputs) {
        List<Graph.Output> named = new ArrayList<>();
        for (Node output : outputs) {
            named.add(new Graph.Output("y" + named.size(), output));
        }
        return new Graph("g", List.of(x), named);
    }

    private static Graph run(Graph graph, Rule... rules) {
        return RuleSet.of("rules", rules).run(graph);
    }

    private Node chain(Op op, int length) {
        Node node = x;
        for (int i = 0; i < length; i++) {
            node = builder.node(op, node);
        }
        return node;
    }

    @Test
    void appliesRulesToFixpoint() {
        assertThat(run(graph(chain(NEG, 7)), NEG_NEG).nodes()).hasSize(2);
        assertThat(run(graph(chain(NEG, 8)), NEG_NEG).nodes()).hasSize(1);
    }

    @Test
    void returnsTheSameGraphWhereNothingFires() {
        Graph graph = graph(chain(ABS, 3));

        assertThat(run(graph, NEG_NEG)).isSameAs(graph);
    }

    @Test
    void rewritesGraphsOfThousandsOfNodes() {
        assertThat(run(graph(chain(NEG, 20_001)), NEG_NEG).nodes()).hasSize(2);
        assertThat(run(graph(builder.node(EXP, chain(ABS, 20_000))), NEG_NEG).nodes())
                .hasSize(20_002);
    }

    @Test
    void keepsSignatureAndUnusedInputs() {
        Node unused = builder.input("unused", TensorType.f32(7));
        Node y = chain(NEG, 2);
        Graph before =
                new Graph(
                        "net",
                        List.of(x, unused),
                        List.of(new Graph.Output("a", y), new Graph.Output("b", x)));

        Graph after = run(before, NEG_NEG);

        assertThat(after.name()).isEqualTo("net");
        assertThat(after.inputs()).extracting(Node::op).containsExactly(x.op(), unused.op());
        assertThat(after.outputs()).extracting(Graph.Output::name).containsExactly("a", "b");
        assertThat(after.outputs())
                .extracting(Graph.Output::node)
                .containsOnly(after.inputs().getFirst());
    }

    @Test
    void givesReplacementsTheOriginOfTheNode() {
        Origin origin = new Origin("n1", "Neg");
        Node neg = builder.at(origin).node(NEG, x);
        PassTrace trace = new PassTrace();

        Graph after = RuleSet.of("rules", NEG_TO_ABS).run(graph(neg), trace);

        assertThat(after.outputs().getFirst().node().op()).isEqualTo(ABS);
        assertThat(after.outputs().getFirst().node().origin()).isEqualTo(origin);
        assertThat(trace.firings()).containsExactly(new PassTrace.Firing("neg-to-abs", origin));
    }

    @Test
    void firstRuleOfTheSetWins() {
        assertThat(run(graph(chain(NEG, 2)), NEG_NEG, NEG_TO_ABS).nodes()).hasSize(1);
        assertThat(run(graph(chain(NEG, 2)), NEG_TO_ABS, NEG_NEG).nodes()).hasSize(3);
    }

    @Test
    void overlappingMatchesShareWhatIsLeft() {
        Node shared = chain(NEG, 2);

        Graph after = run(graph(builder.node(ADD, shared, chain(NEG, 3)), chain(NEG, 4)), NEG_NEG);

        assertThat(after.nodes()).extracting(Node::op).containsExactly(x.op(), NEG, ADD);
    }

    @Test
    void namesTheRuleThatDoesNotTerminate() {
        assertThatThrownBy(() -> run(graph(chain(NEG, 1)), NEG_TO_ABS, ABS_TO_NEG))
                .isInstanceOf(InternalCompilerError.class)
                .hasMessageContaining("rule set rules does not terminate")
                .hasMessageContaining("-to-");
    }

    @Test
    void stopsRulesThatGrowWithoutEnd() {
        Rule twice =
                Rule.exact(
                        "twice",
                        (node, context) ->
                                node.op().equals(NEG)
                                        ? context.node(ADD, node, context.node(EXP, node))
                                        : null);

        assertThatThrownBy(() -> run(graph(chain(NEG, 1)), twice))
                .hasMessageContaining("the last by rule twice");
    }

    @Test
    void rejectsReplacementsOfAnotherType() {
        Rule shrink =
                Rule.exact(
                        "shrink",
                        (node, context) ->
                                node.op().equals(NEG)
                                        ? context.node(
                                                new Reduce(Reduce.Function.SUM, List.of(1)),
                                                node.in(0))
                                        : null);

        assertThatThrownBy(() -> run(graph(chain(NEG, 1)), shrink))
                .isInstanceOf(InternalCompilerError.class)
                .hasMessageContaining("rule shrink replaces")
                .hasMessageContaining("f32[3,5]")
                .hasMessageContaining("f32[3,1]");
    }

    @Test
    void namesTheRuleAndNodeOfAFailure() {
        Rule broken = Rule.exact("broken", (node, context) -> context.node(ADD, node));

        assertThatThrownBy(() -> run(graph(chain(NEG, 1)), broken))
                .isInstanceOf(InternalCompilerError.class)
                .hasMessageContaining("rule broken fails at")
                .hasMessageContaining("takes 2 operands, got 1");
    }
}
