package org.cinnabar.codegen.schedule;

/**
 * A stretch of the arena that lives from the first step that writes it to the last one that reads
 * it.
 */
final class Buffer {
    /** Before the first step: inputs are there already. */
    static final int START = -1;

    /** After the last step: outputs stay. */
    static final int END = Integer.MAX_VALUE;

    private final int length;
    private int from = Integer.MAX_VALUE;
    private int to = START;
    private int offset = -1;

    Buffer(int length) {
        this.length = length;
    }

    int length() {
        return length;
    }

    /** Notes that {@code step} reads or writes the buffer. */
    void touch(int step) {
        from = Math.min(from, step);
        to = Math.max(to, step);
    }

    boolean isTouched() {
        return from != Integer.MAX_VALUE;
    }

    /** Whether both hold values at the same time. */
    boolean overlaps(Buffer other) {
        return from <= other.to && other.from <= to;
    }

    void place(int at) {
        offset = at;
    }

    /** Where the buffer begins in the arena, once planned. */
    int offset() {
        if (offset < 0) {
            throw new IllegalStateException("buffer of " + length + " numbers is not planned");
        }
        return offset;
    }
}
