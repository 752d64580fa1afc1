package org.cinnabar.ir;

/** A fault of the compiler itself, never of the user's model: names the pass and what broke. */
public final class InternalCompilerError extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InternalCompilerError(String message) {
        super(message);
    }

    public InternalCompilerError(String message, Throwable cause) {
        super(message, cause);
    }
}
