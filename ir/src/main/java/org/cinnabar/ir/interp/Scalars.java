package org.cinnabar.ir.interp;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Unary;

/** The functions of the elementwise ops on single numbers. */
final class Scalars {
    private Scalars() {}

    /** {@code f} on floating values. */
    static DoubleUnaryOperator real(Unary.Function f) {
        return switch (f) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case SQRT -> Math::sqrt;
            case RECIPROCAL -> x -> 1 / x;
            case EXP -> Math::exp;
            case LOG -> Math::log;
            case SIN -> Math::sin;
            case COS -> Math::cos;
            case ATAN -> Math::atan;
            case TANH -> Math::tanh;
            case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
            case SOFTPLUS -> x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
            case ERF -> Erf::erf;
            case RELU -> x -> Math.max(x, 0);
            case SIGN -> Math::signum;
            case FLOOR -> Math::floor;
            case CEIL -> Math::ceil;
            case ROUND -> Math::rint;
            case NOT -> x -> x == 0 ? 1 : 0;
        };
    }

    /** {@code f} on integers and booleans; a function without an integer meaning is truncated. */
    static LongUnaryOperator integer(Unary.Function f) {
        return switch (f) {
            case NEG -> x -> -x;
            case ABS -> Math::abs;
            case RELU -> x -> Math.max(x, 0);
            case SIGN -> Long::signum;
            case FLOOR, CEIL, ROUND -> x -> x;
            case NOT -> x -> x == 0 ? 1 : 0;
            case SQRT, RECIPROCAL, EXP, LOG, SIN, COS, ATAN, TANH, SIGMOID, SOFTPLUS, ERF ->
                    x -> (long) real(f).applyAsDouble((double) x);
        };
    }

    /** {@code f} on floating values; predicates give 0 or 1. */
    static DoubleBinaryOperator real(Binary.Function f) {
        return switch (f) {
            case ADD -> Double::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / b;
            case MIN -> Math::min;
            case MAX -> Math::max;
            case POW -> Math::pow;
            case MOD -> Scalars::floorMod;
            case EQUAL -> (a, b) -> a == b ? 1 : 0;
            case LESS -> (a, b) -> a < b ? 1 : 0;
            case LESS_OR_EQUAL -> (a, b) -> a <= b ? 1 : 0;
            case AND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
            case OR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            case XOR -> (a, b) -> (a != 0) != (b != 0) ? 1 : 0;
        };
    }

    /** {@code f} on integers and booleans. */
    static LongBinaryOperator integer(Binary.Function f) {
        return switch (f) {
            case ADD -> Long::sum;
            case SUB -> (a, b) -> a - b;
            case MUL -> (a, b) -> a * b;
            case DIV -> (a, b) -> a / b;
            case MIN -> Math::min;
            case MAX -> Math::max;
            case POW -> Scalars::power;
            case MOD -> Math::floorMod;
            case EQUAL -> (a, b) -> a == b ? 1 : 0;
            case LESS -> (a, b) -> a < b ? 1 : 0;
            case LESS_OR_EQUAL -> (a, b) -> a <= b ? 1 : 0;
            case AND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
            case OR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            case XOR -> (a, b) -> (a != 0) != (b != 0) ? 1 : 0;
        };
    }

    /** {@code value} as a {@code dtype} holds it: wrapped around its range, nonzero is true. */
    static long wrap(DType dtype, long value) {
        return switch (dtype) {
            case I8 -> (byte) value;
            case U8 -> value & 0xFF;
            case I32 -> (int) value;
            case I64 -> value;
            case BOOL -> value == 0 ? 0 : 1;
            case F32, F64 -> throw new IllegalArgumentException(dtype + " is no integer type");
        };
    }

    private static double floorMod(double a, double b) {
        double remainder = a % b;
        return remainder != 0 && remainder < 0 != b < 0 ? remainder + b : remainder;
    }

    private static long power(long base, long exponent) {
        if (exponent < 0) {
            return (long) Math.pow((double) base, (double) exponent);
        }
        long power = 1;
        for (long square = base; exponent > 0; exponent >>= 1, square *= square) {
            power *= (exponent & 1) == 1 ? square : 1;
        }
        return power;
    }
}
