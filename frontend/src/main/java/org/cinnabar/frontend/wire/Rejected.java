package org.cinnabar.frontend.wire;

/**
 * A part of the user's model that is wrong or not supported; whoever knows the place turns it into
 * a diagnostic. {@code advice} may be empty.
 */
public final class Rejected extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String expected;
    private final String seen;
    private final String advice;

    public Rejected(String expected, String seen, String advice) {
        super("expected " + expected + ", got " + seen, null, false, false);
        this.expected = expected;
        this.seen = seen;
        this.advice = advice;
    }

    public String expected() {
        return expected;
    }

    public String seen() {
        return seen;
    }

    public String advice() {
        return advice;
    }
}
