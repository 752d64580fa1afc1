package org.cinnabar.ir.loop;

import java.util.List;

/** A floating-point expression of {@code lanes()} numbers; 1 lane is a scalar. */
public sealed interface Value {
    int lanes();

    /** The values that this one is computed from. */
    default List<Value> operands() {
        return switch (this) {
            case Splat(Value a, _) -> List.of(a);
            case Unary(_, Value a) -> List.of(a);
            case Binary(_, Value a, Value b) -> List.of(a, b);
            case Fma(Value a, Value b, Value c) -> List.of(a, b, c);
            case Choose(_, Value a, Value b, Value yes, Value no) -> List.of(a, b, yes, no);
            case Fold(_, Local a) -> List.of(a);
            case Const _, Local _, Load _, Number _ -> List.of();
        };
    }

    /** {@code value} in every lane. */
    record Const(float value, int lanes) implements Value {}

    /** A declared local. */
    record Local(String name, int lanes) implements Value {}

    /** {@code lanes} consecutive numbers from {@code index} on. */
    record Load(Memory memory, Index index, int lanes) implements Value {}

    /** The scalar {@code a} in every lane. */
    record Splat(Value a, int lanes) implements Value {
        public Splat {
            if (a.lanes() != 1) {
                throw new IllegalArgumentException("splat of " + a.lanes() + " lanes");
            }
        }
    }

    /** The integer {@code index} as a scalar float. */
    record Number(Index index) implements Value {
        @Override
        public int lanes() {
            return 1;
        }
    }

    record Unary(UnaryFunction f, Value a) implements Value {
        public Unary {
            if (f.isScalarOnly() && a.lanes() != 1) {
                throw new IllegalArgumentException(f + " of " + a.lanes() + " lanes");
            }
        }

        @Override
        public int lanes() {
            return a.lanes();
        }
    }

    record Binary(BinaryFunction f, Value a, Value b) implements Value {
        public Binary {
            sameLanes(f.name(), a, b);
            if (f.isScalarOnly() && a.lanes() != 1) {
                throw new IllegalArgumentException(f + " of " + a.lanes() + " lanes");
            }
        }

        @Override
        public int lanes() {
            return a.lanes();
        }
    }

    /** {@code a·b + c}, rounded once. */
    record Fma(Value a, Value b, Value c) implements Value {
        public Fma {
            sameLanes("fma", a, b);
            sameLanes("fma", a, c);
        }

        @Override
        public int lanes() {
            return a.lanes();
        }
    }

    /** {@code a compare b ? yes : no}, lane by lane. */
    record Choose(Comparison compare, Value a, Value b, Value yes, Value no) implements Value {
        public Choose {
            sameLanes("choose", a, b);
            sameLanes("choose", a, yes);
            sameLanes("choose", a, no);
        }

        @Override
        public int lanes() {
            return a.lanes();
        }
    }

    /**
     * All lanes of {@code a} combined by an associative {@code f} (ADD, MIN, MAX, MUL) into a
     * scalar.
     */
    record Fold(BinaryFunction f, Local a) implements Value {
        @Override
        public int lanes() {
            return 1;
        }
    }

    /** Functions of one number. */
    enum UnaryFunction {
        NEG,
        ABS,
        SQRT,
        /** The number whose bits are those of the operand, moved up by 8. */
        SHIFT_BYTE,
        /** The number whose bits are those of the operand, moved up by 16. */
        SHIFT_HALF,
        /** The integer that the operand's bits are. */
        INTEGER,
        /** Scalars only, as {@link Math} has it. */
        LOG,
        /** Scalars only, as {@link Math} has it. */
        SIN,
        /** Scalars only, as {@link Math} has it. */
        COS,
        /** Scalars only, as {@link Math} has it. */
        ATAN;

        /** Whether there is no vector form. */
        public boolean isScalarOnly() {
            return compareTo(LOG) >= 0;
        }
    }

    /** Functions of two numbers. */
    enum BinaryFunction {
        ADD,
        SUB,
        MUL,
        DIV,
        /** {@code a < b ? a : b}: the second operand where one is NaN. */
        MIN,
        /** {@code a > b ? a : b}: the second operand where one is NaN. */
        MAX,
        /**
         * The operand whose bits are less as a signed integer. Like {@link #MIN} where at least one
         * operand is not negative.
         */
        MIN_BITS,
        /**
         * The operand whose bits are greater as a signed integer. With 0 it is ReLU: -0 and NaNs
         * with the sign bit give 0, other NaNs stay.
         */
        MAX_BITS,
        /**
         * {@code a·2^n} for {@code b = 1.5·2^23 + n}, whose low bits are the integer {@code n}, by
         * an integer addition to the exponent; operand and result are normal numbers.
         */
        SCALE,
        /** The number whose bits are the sum of those of the operands, as integers. */
        ADD_BITS,
        /** Scalars only, as {@link Math#pow} has it. */
        POW;

        /** Whether there is no vector form. */
        public boolean isScalarOnly() {
            return this == POW;
        }

        /** Whether it compares bits as integers. */
        public boolean isOfBits() {
            return this == MIN_BITS || this == MAX_BITS;
        }
    }

    /** Ordered comparisons; false on NaN. */
    enum Comparison {
        LESS,
        LESS_OR_EQUAL,
        EQUAL
    }

    private static void sameLanes(String op, Value a, Value b) {
        if (a.lanes() != b.lanes()) {
            throw new IllegalArgumentException(
                    op + " of " + a.lanes() + " and " + b.lanes() + " lanes");
        }
    }
}
