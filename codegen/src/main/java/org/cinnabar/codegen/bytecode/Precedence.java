package org.cinnabar.codegen.bytecode;

/** How tightly Java's operators bind, loosest first. */
enum Precedence {
    CONDITIONAL,
    LOGICAL_OR,
    LOGICAL_AND,
    BIT_OR,
    BIT_XOR,
    BIT_AND,
    EQUALITY,
    RELATIONAL,
    SHIFT,
    ADDITIVE,
    MULTIPLICATIVE,
    UNARY,
    PRIMARY;

    /** The precedence an operand needs where this one would be read as part of its neighbour. */
    Precedence tighter() {
        return values()[Math.min(ordinal() + 1, PRIMARY.ordinal())];
    }
}
