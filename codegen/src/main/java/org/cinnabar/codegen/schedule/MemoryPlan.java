package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives every buffer its offset so that no two that live at the same time overlap: largest first,
 * each at the lowest offset that is free for its whole life.
 */
final class MemoryPlan {
    /**
     * Offsets are this modulo 16: with the array header before them, vectors start on cache lines.
     */
    private static final int PHASE = 12;

    private static final int LINE = 16;

    private MemoryPlan() {}

    /** Places {@code buffers} and returns how many numbers the arena needs. */
    static int place(List<Buffer> buffers) {
        List<Buffer> placed = new ArrayList<>();
        long end = 0;
        List<Buffer> order =
                buffers.stream()
                        .sorted(Comparator.comparingInt(Buffer::length).reversed())
                        .toList();
        for (Buffer buffer : order) {
            long at = PHASE;
            List<Buffer> rivals =
                    placed.stream()
                            .filter(buffer::overlaps)
                            .sorted(Comparator.comparingInt(Buffer::offset))
                            .toList();
            for (Buffer rival : rivals) {
                if (at + buffer.length() <= rival.offset()) {
                    break;
                }
                at = Math.max(at, aligned((long) rival.offset() + rival.length()));
            }
            if (at + buffer.length() > Integer.MAX_VALUE - 64) {
                throw new ArithmeticException("activations need more than 2^31 numbers");
            }
            buffer.place((int) at);
            placed.add(buffer);
            end = Math.max(end, at + buffer.length());
        }
        return (int) end;
    }

    /** The first place for a buffer from {@code offset} on. */
    static long aligned(long offset) {
        return Math.ceilDiv(offset - PHASE, LINE) * LINE + PHASE;
    }
}
