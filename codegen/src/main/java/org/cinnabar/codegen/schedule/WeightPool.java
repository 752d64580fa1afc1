package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.List;

/** Packed weights and constants, one after the other in one array. */
final class WeightPool {
    private static final int PHASE = 12;
    private static final int LINE = 16;

    /** Vectors may be read past the end of the last entry. */
    private static final int TAIL = 64;

    private final List<float[]> pieces = new ArrayList<>(List.of(new float[PHASE]));
    private long end = PHASE;

    /** Adds {@code values} and returns where they begin. */
    int add(float[] values) {
        int offset = Math.toIntExact(end);
        if (values.length > 0) {
            long next = Math.ceilDiv(end + values.length - PHASE, LINE) * LINE + PHASE;
            pieces.add(values);
            pieces.add(new float[(int) (next - end) - values.length]);
            end = next;
        }
        return offset;
    }

    /** All entries and what lies between them, in order. */
    List<float[]> pieces() {
        List<float[]> all = new ArrayList<>(pieces);
        all.add(new float[TAIL]);
        return all;
    }
}
