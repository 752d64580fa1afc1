package org.cinnabar.ir.rewrite;

import org.cinnabar.ir.Graph;

/**
 * A named change of a whole graph that keeps its signature and, within its accuracy, its meaning.
 */
public interface Pass {
    /** A kebab-case phrase. */
    String name();

    Accuracy accuracy();

    /**
     * The changed graph, or {@code graph} itself if there is nothing to change; what was done is
     * noted in the trace.
     */
    Graph run(Graph graph, PassTrace trace);

    /** {@link #run(Graph, PassTrace)} for those who do not ask what happened. */
    default Graph run(Graph graph) {
        return run(graph, new PassTrace());
    }
}
