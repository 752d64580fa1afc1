package org.cinnabar.ir.rewrite;

import org.cinnabar.ir.Graph;
import org.cinnabar.ir.InternalCompilerError;
import org.cinnabar.ir.Node;
import org.jspecify.annotations.Nullable;

/**
 * Applies a rule set in sweeps until nothing fires. A sweep offers every node of the graph,
 * operands before users, to the rules, and rebuilds the graph with all replacements at once. Within
 * a sweep every node of the old graph keeps its meaning, so matches may overlap: a node absorbed by
 * one match and replaced by another is dead afterwards.
 */
final class Rewriter {
    private final RuleSet rules;
    private final PassTrace trace;
    private int firings;
    private @Nullable Rule last;

    Rewriter(RuleSet rules, PassTrace trace) {
        this.rules = rules;
        this.trace = trace;
    }

    Graph rewrite(Graph graph) {
        int nodes = graph.nodes().size();
        int sweeps = 100 + nodes;
        int limit = 100 * sweeps;
        Graph current = graph;
        for (int sweep = 0; sweep < sweeps; sweep++) {
            Graph next = sweep(current, limit);
            if (next == current) {
                return current;
            }
            current = next;
        }
        throw endless(nodes);
    }

    /** One sweep; {@code graph} itself if nothing fired. */
    private Graph sweep(Graph graph, int limit) {
        Substitution substitution = new Substitution();
        Context context = new Context(graph);
        int before = firings;
        for (Node node : graph.nodes()) {
            Node replacement = replacement(node, context.at(node));
            substitution.bind(node, replacement == null ? node : replacement);
            if (firings > limit) {
                throw endless(graph.nodes().size());
            }
        }
        return firings == before ? graph : substitution.apply(graph);
    }

    private @Nullable Node replacement(Node node, Context context) {
        for (Rule rule : rules.rules()) {
            Node replacement = apply(rule, node, context);
            if (replacement != null) {
                if (!replacement.type().equals(node.type())) {
                    throw new InternalCompilerError(
                            "rule "
                                    + rule
                                    + " replaces "
                                    + node
                                    + " by a value of type "
                                    + replacement.type());
                }
                firings++;
                last = rule;
                trace.fired(rule.name(), node.origin());
                return replacement;
            }
        }
        return null;
    }

    private @Nullable Node apply(Rule rule, Node node, Context context) {
        try {
            return rule.rewrite().apply(node, context);
        } catch (RuntimeException e) {
            throw new InternalCompilerError(
                    "rule " + rule + " fails at " + node + ": " + e.getMessage(), e);
        }
    }

    private InternalCompilerError endless(int nodes) {
        return new InternalCompilerError(
                "rule set "
                        + rules
                        + " does not terminate: "
                        + firings
                        + " rewrites of a graph of "
                        + nodes
                        + " nodes, the last by rule "
                        + last);
    }
}
