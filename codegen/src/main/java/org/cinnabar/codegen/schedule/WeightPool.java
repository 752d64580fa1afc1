package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.List;

/** Packed weights and constants, one after the other in one array. */
final class WeightPool {
    private static final int PHASE = 12;
    private static final int LINE = 16;

    /** Vectors may be read past the end of the last entry. */
    private static final int TAIL = 64;

    private final List<float[]> parts = new ArrayList<>();
    private final List<Integer> offsets = new ArrayList<>();
    private long end = PHASE;

    /** Adds {@code values} and returns where they begin. */
    int add(float[] values) {
        int offset = Math.toIntExact(end);
        if (values.length > 0) {
            parts.add(values);
            offsets.add(offset);
            end = Math.ceilDiv(end + values.length - PHASE, LINE) * LINE + PHASE;
        }
        return offset;
    }

    /** All entries in one array. */
    float[] toArray() {
        float[] all = new float[Math.toIntExact(end + TAIL)];
        for (int i = 0; i < parts.size(); i++) {
            float[] part = parts.get(i);
            System.arraycopy(part, 0, all, offsets.get(i), part.length);
        }
        return all;
    }
}
