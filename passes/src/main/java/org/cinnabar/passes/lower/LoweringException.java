package org.cinnabar.passes.lower;

import java.util.List;

/** The model holds ops that no lowering computes. */
public final class LoweringException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    LoweringException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each op. */
    public List<String> problems() {
        return problems;
    }
}
