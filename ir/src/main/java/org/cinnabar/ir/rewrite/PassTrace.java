package org.cinnabar.ir.rewrite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Origin;

/** What the passes did to one graph, in order; filled in as they run. Prints as one line per pass and rule. */
public final class PassTrace {
    /** One rewrite: the rule (or the pass, if it has no rules), where, in which pass. */
    public record Firing(String pass, String rule, Origin origin) {}

    /** Size of the graph around one pass. */
    public record Step(String pass, int nodesBefore, int nodesAfter) {}

    private final List<Firing> firings = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    /** Notes that {@code rule} of {@code pass} replaced a node of the given origin. */
    public void fired(String pass, String rule, Origin origin) {
        firings.add(new Firing(pass, rule, origin));
    }

    void ran(String pass, int nodesBefore, int nodesAfter) {
        steps.add(new Step(pass, nodesBefore, nodesAfter));
    }

    public List<Firing> firings() {
        return List.copyOf(firings);
    }

    public List<Step> steps() {
        return List.copyOf(steps);
    }

    /** How often each rule fired in {@code pass}, in order of first firing. */
    public Map<String, Integer> counts(String pass) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (Firing firing : firings) {
            if (firing.pass().equals(pass)) {
                counts.merge(firing.rule(), 1, Integer::sum);
            }
        }
        return counts;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append("%s: %d -> %d nodes%n".formatted(step.pass(), step.nodesBefore(), step.nodesAfter()));
            counts(step.pass()).forEach((rule, count) -> text.append("  %s x%d%n".formatted(rule, count)));
        }
        return text.toString();
    }
}
