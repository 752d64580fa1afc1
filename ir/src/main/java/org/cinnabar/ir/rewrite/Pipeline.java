package org.cinnabar.ir.rewrite;

import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.InternalCompilerError;
import org.cinnabar.ir.text.GraphPrinter;
import org.cinnabar.ir.verify.Stage;
import org.cinnabar.ir.verify.Verifier;

/**
 * Passes in the order in which they run, and the stages between which they take a graph. After each
 * pass the graph is held to {@code from}, after the last to {@code to}. A pipeline is a pass, so
 * pipelines nest.
 */
public record Pipeline(String name, Stage from, Stage to, List<Pass> passes) implements Pass {
    public Pipeline {
        passes = List.copyOf(passes);
    }

    public static Pipeline of(String name, Stage from, Stage to, Pass... passes) {
        return new Pipeline(name, from, to, List.of(passes));
    }

    /** The weakest promise of the passes. */
    @Override
    public Accuracy accuracy() {
        return passes.stream().map(Pass::accuracy).reduce(Accuracy.EXACT, Accuracy::or);
    }

    /**
     * @throws InternalCompilerError if a pass fails or breaks an invariant, with the graph before
     *     it
     */
    @Override
    public Graph run(Graph graph, PassTrace trace) {
        Verifier.verify(graph, from);
        Graph current = graph;
        for (Pass pass : passes) {
            Graph next = checked(pass, current, trace);
            trace.ran(pass.name(), current.nodes().size(), next.nodes().size());
            current = next;
        }
        Verifier.verify(current, to);
        return current;
    }

    private Graph checked(Pass pass, Graph before, PassTrace trace) {
        try {
            Graph after = pass.run(before, trace);
            Verifier.verify(after, from);
            return after;
        } catch (RuntimeException e) {
            throw new InternalCompilerError(
                    "pass "
                            + pass.name()
                            + ": "
                            + e.getMessage()
                            + "\nbefore the pass:\n"
                            + GraphPrinter.print(before),
                    e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
