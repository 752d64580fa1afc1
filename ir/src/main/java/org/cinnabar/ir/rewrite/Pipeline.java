package org.cinnabar.ir.rewrite;

import java.util.List;
import java.util.function.Consumer;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.InternalCompilerError;

/** Passes in the order in which they run. A pipeline is a pass, so pipelines nest. */
public record Pipeline(String name, List<Pass> passes) implements Pass {
    public Pipeline {
        passes = List.copyOf(passes);
    }

    public static Pipeline of(String name, Pass... passes) {
        return new Pipeline(name, List.of(passes));
    }

    /** The weakest promise of the passes. */
    @Override
    public Accuracy accuracy() {
        return passes.stream().map(Pass::accuracy).reduce(Accuracy.EXACT, Accuracy::or);
    }

    @Override
    public Graph run(Graph graph, PassTrace trace) {
        return run(graph, trace, _ -> {});
    }

    /**
     * Runs every pass and shows {@code verifier} the graph after each.
     *
     * @throws InternalCompilerError naming the pass, if the verifier throws
     */
    public Graph run(Graph graph, PassTrace trace, Consumer<Graph> verifier) {
        Graph current = graph;
        for (Pass pass : passes) {
            Graph next = pass.run(current, trace);
            trace.ran(pass.name(), current.nodes().size(), next.nodes().size());
            try {
                verifier.accept(next);
            } catch (RuntimeException e) {
                throw new InternalCompilerError(
                        "after pass " + pass.name() + ": " + e.getMessage(), e);
            }
            current = next;
        }
        return current;
    }

    @Override
    public String toString() {
        return name;
    }
}
