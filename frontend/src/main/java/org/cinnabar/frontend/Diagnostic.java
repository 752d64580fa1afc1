package org.cinnabar.frontend;

/**
 * One finding about a model, on one line: where, what was expected, what was seen, and what to do
 * about it. {@code place} names the node with its operator and opset, the initializer, the input or
 * the file; {@code advice} may be empty.
 */
public record Diagnostic(
        Severity severity, String place, String expected, String seen, String advice) {
    /** Whether the model can be imported all the same. */
    public enum Severity {
        WARNING,
        ERROR
    }

    /** An error at {@code place}. */
    public static Diagnostic error(String place, String expected, String seen, String advice) {
        return new Diagnostic(Severity.ERROR, place, expected, seen, advice);
    }

    /** A warning at {@code place}. */
    public static Diagnostic warning(String place, String expected, String seen, String advice) {
        return new Diagnostic(Severity.WARNING, place, expected, seen, advice);
    }

    @Override
    public String toString() {
        String finding = place + ": expected " + expected + ", got " + seen;
        return (advice.isEmpty() ? finding : finding + "; " + advice)
                .replaceAll("\\p{Cntrl}+", " ");
    }
}
