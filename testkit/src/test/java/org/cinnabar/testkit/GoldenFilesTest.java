package org.cinnabar.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.rewrite.Accuracy;
import org.cinnabar.ir.rewrite.Pass;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.ir.rewrite.Substitution;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class GoldenFilesTest {
    private static final String NEGATED_TWICE =
            """
            graph @g(%x: f32[N,3]) -> (%y) {
              %1 = neg(%x)
              %y = neg(%1)
            }
            """;
    private static final String PLAIN =
            """
            graph @g(%x: f32[N,3]) -> (y = %x: f32[N,3]) {
            }
            """;

    @TempDir Path folder;

    /**
     * Replaces every op {@code f(a, ...)} by {@code a.in(0)}; right only if that is what it means.
     */
    private record Skip(String name, Unary.Function f) implements Pass {
        @Override
        public Accuracy accuracy() {
            return Accuracy.EXACT;
        }

        @Override
        public Graph run(Graph graph, PassTrace trace) {
            Substitution substitution = new Substitution();
            for (Node node : graph.nodes()) {
                if (node.op().equals(new Unary(f)) && node.in(0).op().equals(new Unary(f))) {
                    substitution.bind(node, node.in(0).in(0));
                }
            }
            return substitution.apply(graph);
        }
    }

    private static final List<Pass> PASSES =
            List.of(
                    new Skip("skip-double-neg", Unary.Function.NEG),
                    new Skip("skip-double-abs", Unary.Function.ABS));

    @TestFactory
    Stream<DynamicTest> golden() {
        return GoldenFiles.tests(Path.of("src/test/resources/golden"), PASSES);
    }

    private void run(String text) throws Throwable {
        run(text, false);
    }

    /** Gives the file as it is afterwards. */
    private String run(String text, boolean bless) throws Throwable {
        Path file = folder.resolve("case.golden");
        Files.writeString(file, text);
        for (DynamicTest test : GoldenFiles.tests(folder, PASSES, bless).toList()) {
            test.getExecutable().execute();
        }
        return Files.readString(file);
    }

    @Test
    void blessingWritesWhatThePassDoes() throws Throwable {
        String before = "# pass: skip-double-neg\n" + NEGATED_TWICE;
        assertThat(run(before + "----\n" + NEGATED_TWICE, true))
                .isEqualTo(before + "----\n" + PLAIN);
        assertThat(run(before, true)).isEqualTo(before + "----\n" + PLAIN);
    }

    @Test
    void acceptsTheRightGraph() throws Throwable {
        run("# pass: skip-double-neg\n" + NEGATED_TWICE + "----\n" + PLAIN);
    }

    @Test
    void rejectsAnotherGraph() {
        assertThatThrownBy(
                        () ->
                                run(
                                        "# pass: skip-double-neg\n"
                                                + NEGATED_TWICE
                                                + "----\n"
                                                + NEGATED_TWICE))
                .hasMessageContaining("the graph after");
    }

    @Test
    void rejectsAChangeWhereNoneIsExpected() {
        assertThatThrownBy(
                        () -> run("# pass: skip-double-neg\n# expect: unchanged\n" + NEGATED_TWICE))
                .hasMessageContaining("unchanged");
    }

    @Test
    void rejectsAGraphThatComputesSomethingElse() {
        String wrong = NEGATED_TWICE.replace("neg", "abs");
        assertThatThrownBy(() -> run("# pass: skip-double-abs\n" + wrong + "----\n" + PLAIN))
                .hasMessageContaining("output y (-Dseed=")
                .hasMessageContaining("expected");
    }

    @Test
    void acceptsAWrongGraphWithinTolerance() throws Throwable {
        String wrong = NEGATED_TWICE.replace("neg", "abs");
        run("# pass: skip-double-abs\n# tolerance: 2\n" + wrong + "----\n" + PLAIN);
    }

    @Test
    void rejectsAnUnknownPass() {
        assertThatThrownBy(() -> run("# pass: polish\n" + NEGATED_TWICE + "----\n" + PLAIN))
                .hasMessage("no pass polish among [skip-double-neg, skip-double-abs]");
    }

    @Test
    void rejectsAnErrorThatDoesNotHappen() {
        assertThatThrownBy(
                        () ->
                                run(
                                        "graph @g(%x: f32[3]) -> (%y) {\n  %y = neg(%x) # error: what?\n}\n"))
                .hasMessageContaining("errors by line");
    }

    @Test
    void rejectsAnEmptyFolder() {
        assertThatThrownBy(() -> GoldenFiles.tests(folder, PASSES))
                .hasMessageContaining("golden files below");
    }

    @Test
    void rejectsAGraphWithoutExpectation() {
        assertThatThrownBy(() -> run("# pass: skip-double-neg\n" + NEGATED_TWICE))
                .hasMessageContaining("-Dbless=true would write")
                .hasMessageContaining(PLAIN);
    }
}
