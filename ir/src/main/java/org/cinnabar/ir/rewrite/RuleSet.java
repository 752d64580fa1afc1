package org.cinnabar.ir.rewrite;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.InternalCompilerError;

/**
 * Rules applied together until none fires; at one node the first that fires wins. Rejects two rules
 * of one name.
 *
 * @see Rewriter
 */
public record RuleSet(String name, List<Rule> rules) implements Pass {
    public RuleSet {
        rules = List.copyOf(rules);
        Set<String> names = new HashSet<>();
        for (Rule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException(
                        "rule set " + name + " has two rules named " + rule);
            }
        }
    }

    public static RuleSet of(String name, Rule... rules) {
        return new RuleSet(name, List.of(rules));
    }

    /** The weakest promise of the rules. */
    @Override
    public Accuracy accuracy() {
        return rules.stream().map(Rule::accuracy).reduce(Accuracy.EXACT, Accuracy::or);
    }

    /**
     * @throws InternalCompilerError if a rule fails, changes a type, or the rules do not terminate
     */
    @Override
    public Graph run(Graph graph, PassTrace trace) {
        return new Rewriter(this, trace).rewrite(graph);
    }

    @Override
    public String toString() {
        return name;
    }
}
