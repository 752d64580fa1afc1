package org.cinnabar.ir.rewrite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Origin;

/**
 * What the passes did to one graph, in order; filled in as they run. Prints as one line per pass
 * and rule.
 */
public final class PassTrace {
    /** One rewrite: the rule, and the origin of the node that it replaced. */
    public record Firing(String rule, Origin origin) {}

    /** One pass of a pipeline: the size of the graph around it, and what fired in between. */
    public record Step(String pass, int nodesBefore, int nodesAfter, List<Firing> firings) {
        public Step {
            firings = List.copyOf(firings);
        }

        /** How often each rule fired, in order of first firing. */
        public Map<String, Integer> counts() {
            Map<String, Integer> counts = new LinkedHashMap<>();
            firings.forEach(firing -> counts.merge(firing.rule(), 1, Integer::sum));
            return counts;
        }
    }

    private final List<Firing> firings = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private int noted;

    /** Notes that {@code rule} replaced a node of the given origin. */
    public void fired(String rule, Origin origin) {
        firings.add(new Firing(rule, origin));
    }

    /** Notes that {@code pass} has run; everything fired since the step before was its doing. */
    void ran(String pass, int nodesBefore, int nodesAfter) {
        steps.add(new Step(pass, nodesBefore, nodesAfter, firings.subList(noted, firings.size())));
        noted = firings.size();
    }

    public List<Firing> firings() {
        return List.copyOf(firings);
    }

    public List<Step> steps() {
        return List.copyOf(steps);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append(
                    "%s: %d -> %d nodes%n"
                            .formatted(step.pass(), step.nodesBefore(), step.nodesAfter()));
            step.counts()
                    .forEach((rule, count) -> text.append("  %s x%d%n".formatted(rule, count)));
        }
        return text.toString();
    }
}
