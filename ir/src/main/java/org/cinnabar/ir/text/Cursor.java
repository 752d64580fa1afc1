package org.cinnabar.ir.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a text, and the tokens that may stand there. White space and comments before a token
 * are skipped.
 */
final class Cursor {
    private static final Pattern SPACE = Pattern.compile("(?:\\s|#[^\\n]*)+");
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_./$-]+");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
    private static final Pattern NUMBER =
            Pattern.compile("nan|-?inf|-?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?");

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    /** Offset of the next token. */
    int offset() {
        Matcher space = matcher(SPACE);
        if (space.lookingAt()) {
            at = space.end();
        }
        return at;
    }

    boolean atEnd() {
        return offset() == text.length();
    }

    boolean looksAt(String symbol) {
        return text.startsWith(symbol, offset());
    }

    /** Steps over {@code symbol} if it comes next. */
    boolean skip(String symbol) {
        boolean found = looksAt(symbol);
        at += found ? symbol.length() : 0;
        return found;
    }

    void expect(String symbol) {
        if (!skip(symbol)) {
            throw error("'" + symbol + "'");
        }
    }

    String take(Pattern token, String expected) {
        offset();
        Matcher matcher = matcher(token);
        if (!matcher.lookingAt()) {
            throw error(expected);
        }
        at = matcher.end();
        return matcher.group();
    }

    String identifier(String expected) {
        return take(IDENTIFIER, expected);
    }

    /** A bare or quoted name. */
    String name(String expected) {
        if (!looksAt("\"")) {
            return take(BARE, expected);
        }
        String quoted = take(QUOTED, "a closing quote");
        return quoted.substring(1, quoted.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    /** {@code name} in the form that {@link #name} reads. */
    static String quote(String name) {
        return BARE.matcher(name).matches()
                ? name
                : '"' + name.replaceAll("([\"\\\\])", "\\\\$1") + '"';
    }

    boolean looksAtInteger() {
        offset();
        return matcher(INTEGER).lookingAt();
    }

    long integer() {
        int start = offset();
        String digits = take(INTEGER, "an integer");
        return checked(start, "an integer that fits 64 bits", () -> Long.parseLong(digits));
    }

    int int32() {
        int start = offset();
        long value = integer();
        return checked(start, "an integer that fits 32 bits", () -> Math.toIntExact(value));
    }

    /** The text of a number. */
    String number() {
        return take(NUMBER, "a number");
    }

    /** Everything between {@code open} and {@code close}, separated by commas. */
    <T> List<T> list(String open, String close, Supplier<T> element) {
        expect(open);
        List<T> elements = new ArrayList<>();
        if (skip(close)) {
            return elements;
        }
        do {
            elements.add(element.get());
        } while (skip(","));
        expect(close);
        return elements;
    }

    /**
     * What {@code make} gives; where it rejects its arguments there is an error at {@code offset}.
     */
    <T> T checked(int offset, String expected, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw error(offset, expected, String.valueOf(e.getMessage()));
        }
    }

    /** The error that {@code expected} does not stand here. */
    SyntaxError error(String expected) {
        int start = offset();
        int end = start;
        while (end < text.length() && end < start + 20 && text.charAt(end) != '\n') {
            end++;
        }
        return error(
                start,
                expected,
                start == text.length() ? "the end" : "'" + text.substring(start, end) + "'");
    }

    SyntaxError error(int offset, String expected, String found) {
        int lineStart = text.lastIndexOf('\n', offset - 1) + 1;
        return new SyntaxError(line(offset), offset - lineStart + 1, expected, found);
    }

    /** Number of the line with the given offset. */
    int line(int offset) {
        return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    private Matcher matcher(Pattern pattern) {
        return pattern.matcher(text).region(at, text.length());
    }
}
