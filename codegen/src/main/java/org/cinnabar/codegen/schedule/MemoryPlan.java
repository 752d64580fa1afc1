package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives every buffer its offset so that no two that live at the same time overlap. Buffers that
 * follow one another in time share a region and are centred in it: two threads that compute the
 * upper and the lower halves of maps then write to memory that each wrote before, which is in its
 * own cache.
 */
final class MemoryPlan {
    /**
     * Offsets are this modulo 16: with the array header before them, vectors start on cache lines.
     */
    private static final int PHASE = 12;

    private static final int LINE = 16;

    private MemoryPlan() {}

    /** A stretch of memory, as long as the first of the buffers in it, which is the longest. */
    private record Region(int offset, List<Buffer> buffers) {
        int length() {
            return buffers.getFirst().length();
        }

        boolean hasRoomFor(Buffer buffer) {
            return buffers.stream().noneMatch(buffer::overlaps);
        }

        void add(Buffer buffer) {
            buffers.add(buffer);
            int before = (length() - buffer.length()) / 2;
            buffer.place(offset + before / LINE * LINE);
        }
    }

    /**
     * Places {@code buffers}, largest first, each in the first region that is free for its whole
     * life, and returns how many numbers the arena needs.
     */
    static int place(List<Buffer> buffers) {
        List<Buffer> order =
                buffers.stream()
                        .sorted(Comparator.comparingInt(Buffer::length).reversed())
                        .toList();
        List<Region> regions = new ArrayList<>();
        long end = PHASE;
        for (Buffer buffer : order) {
            Region region =
                    regions.stream().filter(r -> r.hasRoomFor(buffer)).findFirst().orElse(null);
            if (region == null) {
                region = new Region((int) aligned(end), new ArrayList<>());
                regions.add(region);
                end = aligned(end) + buffer.length();
            }
            if (end > Integer.MAX_VALUE - 64) {
                throw new ArithmeticException("activations need more than 2^31 numbers");
            }
            region.add(buffer);
        }
        return (int) end;
    }

    /** The first place for a buffer from {@code offset} on. */
    static long aligned(long offset) {
        return Math.ceilDiv(offset - PHASE, LINE) * LINE + PHASE;
    }
}
