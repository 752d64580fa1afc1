package org.cinnabar.ir;

/**
 * Element type of a tensor. Compiled code computes in {@code F32}; the others carry shapes, indices
 * and masks.
 */
public enum DType {
    F32("f32"),
    F64("f64"),
    I8("i8"),
    U8("u8"),
    I32("i32"),
    I64("i64"),
    BOOL("bool");

    private final String text;

    DType(String text) {
        this.text = text;
    }

    /** Whether values are IEEE floating point. */
    public boolean isFloating() {
        return this == F32 || this == F64;
    }

    @Override
    public String toString() {
        return text;
    }
}
