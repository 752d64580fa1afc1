package org.cinnabar.ir;

import java.util.List;

/** Checks of operand counts, ranks and types shared by the ops' {@code infer}. */
public final class Operands {
    private Operands() {}

    /** Rejects any number of operands but {@code expected}. */
    public static void count(String op, List<TensorType> in, int expected) {
        if (in.size() != expected) {
            throw new IllegalArgumentException(
                    op + " takes " + expected + " operands, got " + in.size());
        }
    }

    /** Rejects a rank other than {@code expected}. */
    public static void rank(String what, TensorType type, int expected) {
        if (type.shape().rank() != expected) {
            throw new IllegalArgumentException(what + " needs rank " + expected + ", got " + type);
        }
    }

    /** Rejects different element types. */
    public static void sameDtype(String op, TensorType a, TensorType b) {
        if (a.dtype() != b.dtype()) {
            throw new IllegalArgumentException(
                    op + " needs one element type, got " + a + " and " + b);
        }
    }

    /** {@code axis} counted from the front; rejects one outside {@code [-rank, rank)}. */
    public static int axis(String op, int axis, int rank) {
        if (axis < -rank || axis >= rank) {
            throw new IllegalArgumentException(op + ": axis " + axis + " is outside rank " + rank);
        }
        return axis < 0 ? axis + rank : axis;
    }
}
