package org.cinnabar.compiler;

import java.util.List;

/**
 * A model that cannot be compiled as asked, with every reason found. The message has one line for
 * each, which says where, what was expected, what was seen, and what to do.
 */
public final class CompileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<String> problems;

    /** For one reason. */
    public CompileException(String problem) {
        this(List.of(problem), null);
    }

    CompileException(List<String> problems, @org.jspecify.annotations.Nullable Throwable cause) {
        super(String.join("\n", problems), cause);
        this.problems = List.copyOf(problems);
    }

    /** One line for each reason. */
    public List<String> problems() {
        return problems;
    }
}
