package org.cinnabar.ir.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cinnabar.ir.Graph;
import org.cinnabar.ir.InternalCompilerError;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.text.GraphParser;
import org.cinnabar.ir.verify.Stage;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Unary NEG = new Unary(Unary.Function.NEG);

    private static final RuleSet NEG_NEG =
            RuleSet.of(
                    "negations",
                    Rule.exact(
                            "neg-of-neg",
                            (node, _) ->
                                    node.op().equals(NEG) && node.in(0).op().equals(NEG)
                                            ? node.in(0).in(0)
                                            : null));

    private static final RuleSet NEG_TO_ABS =
            RuleSet.of(
                    "absolutes",
                    Rule.rounding(
                            "neg-to-abs",
                            1e-3,
                            (node, context) ->
                                    node.op().equals(NEG)
                                            ? context.node(
                                                    new Unary(Unary.Function.ABS), node.in(0))
                                            : null));

    private static final RuleSet BROKEN =
            RuleSet.of(
                    "broken",
                    Rule.exact(
                            "no-operands",
                            (node, context) ->
                                    node.op() instanceof Clip ? context.node(node.op()) : null));

    private static final Graph GRAPH =
            GraphParser.parse(
                    """
            graph @g(%x: f32[3]) -> (%y) {
              %1 = neg(%x)
              %2 = neg(%1)
              %y = neg(%2)
            }
            """);

    @Test
    void tracesItsPassesInOrder() {
        PassTrace trace = new PassTrace();

        Pipeline.of("pipeline", Stage.IMPORTED, Stage.CANONICAL, NEG_NEG, NEG_TO_ABS)
                .run(GRAPH, trace);

        assertThat(trace)
                .hasToString(
                        """
                negations: 4 -> 2 nodes
                  neg-of-neg x2
                absolutes: 2 -> 2 nodes
                  neg-to-abs x1
                """);
    }

    @Test
    void isAsAccurateAsItsWeakestPass() {
        Pipeline pipeline =
                Pipeline.of("pipeline", Stage.IMPORTED, Stage.IMPORTED, NEG_NEG, NEG_TO_ABS);

        assertThat(pipeline.accuracy()).isEqualTo(Accuracy.rounding(1e-3));
        assertThat(NEG_NEG.accuracy()).isEqualTo(Accuracy.EXACT);
    }

    @Test
    void namesThePassThatFailsAndShowsTheGraphBefore() {
        Graph graph =
                GraphParser.parse("graph @g(%x: f32[3]) -> (%y) { %y = clip(%x) low=0 high=1 }");
        Pipeline pipeline =
                Pipeline.of("pipeline", Stage.IMPORTED, Stage.IMPORTED, NEG_NEG, BROKEN);

        assertThatThrownBy(() -> pipeline.run(graph))
                .isInstanceOf(InternalCompilerError.class)
                .hasMessageStartingWith("pass broken: ")
                .hasMessageContaining("rule no-operands fails at")
                .hasMessageContaining(
                        "before the pass:\ngraph @g(%x: f32[3]) -> (%y: f32[3]) {\n  %y = clip(%x)");
    }

    @Test
    void holdsTheResultToItsStage() {
        Graph graph =
                GraphParser.parse("graph @g(%x: f32[3]) -> (%y) { %y = reshape(%x) shape=[3] }");

        assertThatThrownBy(
                        () ->
                                Pipeline.of("pipeline", Stage.IMPORTED, Stage.CANONICAL, NEG_NEG)
                                        .run(graph))
                .isInstanceOf(InternalCompilerError.class)
                .hasMessageContaining("is not canonical");
    }
}
