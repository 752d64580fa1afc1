package org.cinnabar.codegen.bytecode;

/** The limits of class files and of HotSpot that generated code can run into. */
public enum JvmLimit {
    COMPILED_METHOD_BYTES(8_000, "bytes of bytecode, beyond which HotSpot leaves it interpreted"),
    METHOD_BYTES(65_535, "bytes of bytecode"),
    CONSTANT_POOL_ENTRIES(65_535, "constant pool entries"),
    ARGUMENT_SLOTS(255, "argument slots"),
    LOCAL_SLOTS(65_535, "local variable slots"),
    STRING_BYTES(65_535, "bytes in a string constant");

    private final int maximum;
    private final String unit;

    JvmLimit(int maximum, String unit) {
        this.maximum = maximum;
        this.unit = unit;
    }

    public int maximum() {
        return maximum;
    }

    void check(String where, int actual) {
        if (actual > maximum) {
            throw new JvmLimitException(this, where, actual);
        }
    }

    String describe(int actual) {
        return "%d where %d is the most: %s".formatted(actual, maximum, unit);
    }
}
