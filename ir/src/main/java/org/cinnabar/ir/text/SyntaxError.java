package org.cinnabar.ir.text;

/** A text that is not of the expected form; lines and columns count from 1. */
public final class SyntaxError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;

    public SyntaxError(int line, int column, String expected, String found) {
        super(
                "line "
                        + line
                        + ", column "
                        + column
                        + ": expected "
                        + expected
                        + ", found "
                        + found);
        this.line = line;
        this.column = column;
    }

    public int line() {
        return line;
    }

    public int column() {
        return column;
    }
}
