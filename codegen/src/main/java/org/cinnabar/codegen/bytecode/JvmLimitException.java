package org.cinnabar.codegen.bytecode;

/** Says which class or method exceeds which {@link JvmLimit}; the remedy is to split it. */
public final class JvmLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final JvmLimit limit;
    private final int actual;

    JvmLimitException(JvmLimit limit, String where, int actual) {
        super(where + " has " + limit.describe(actual));
        this.limit = limit;
        this.actual = actual;
    }

    public JvmLimit limit() {
        return limit;
    }

    public int actual() {
        return actual;
    }
}
