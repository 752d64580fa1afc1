package org.cinnabar.ir.rewrite;

import org.cinnabar.ir.Node;
import org.jspecify.annotations.Nullable;

/** One algebraic identity, read from left to right, as a named value. */
public record Rule(String name, Accuracy accuracy, Rewrite rewrite) {
    /**
     * Gives the node that may stand in place of {@code node}, or null where the rule does not
     * apply.
     */
    @FunctionalInterface
    public interface Rewrite {
        @Nullable Node apply(Node node, Context context);
    }

    public Rule {
        if (!name.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException(
                    "a rule needs a kebab-case name, got '" + name + "'");
        }
    }

    /** A rule that keeps every value. */
    public static Rule exact(String name, Rewrite rewrite) {
        return new Rule(name, Accuracy.EXACT, rewrite);
    }

    /** A rule that moves values by rounding only, within {@code epsilon}. */
    public static Rule rounding(String name, double epsilon, Rewrite rewrite) {
        return new Rule(name, Accuracy.rounding(epsilon), rewrite);
    }

    @Override
    public String toString() {
        return name;
    }
}
