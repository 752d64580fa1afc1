package org.cinnabar.passes.lower;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.Value.BinaryFunction;
import org.cinnabar.ir.loop.Value.Comparison;
import org.cinnabar.ir.loop.Value.UnaryFunction;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Unary;
import org.jspecify.annotations.Nullable;

/**
 * Elementwise graph nodes as loop-IR values at one index. Booleans are 0 and 1. Intermediate
 * results that are used more than once become locals, declared in {@code out}.
 */
final class Pointwise {
    /** 1.5·2^23: what is added to it is rounded to an integer, which is left in the low bits. */
    private static final float INTEGERS = 12582912f;

    private static final float LOWEST_POWER = -86.6f;
    private static final float HIGHEST_POWER = 88.72284f;

    private final int lanes;
    private final List<Stmt> out;
    private final Function<Node, @Nullable Value> leaves;
    private final String prefix;
    private final Map<Node, Value> done = new IdentityHashMap<>();
    private int locals;

    /**
     * Values of {@code leaves} stand for themselves; every other node must be elementwise or a
     * scalar constant.
     */
    Pointwise(int lanes, List<Stmt> out, String prefix, Function<Node, @Nullable Value> leaves) {
        this.lanes = lanes;
        this.out = out;
        this.prefix = prefix;
        this.leaves = leaves;
    }

    /** Whether {@code node} has no vector form and has to be computed number by number. */
    static boolean isScalarOnly(Node node) {
        return switch (node.op()) {
            case Unary(Unary.Function f) ->
                    f == Unary.Function.LOG
                            || f == Unary.Function.SIN
                            || f == Unary.Function.COS
                            || f == Unary.Function.ATAN
                            || f == Unary.Function.SOFTPLUS;
            case Binary(Binary.Function f) -> f == Binary.Function.MOD || f == Binary.Function.POW;
            default -> false;
        };
    }

    Value value(Node node) {
        Value known = done.get(node);
        if (known == null) {
            Value leaf = leaves.apply(node);
            known = leaf != null ? leaf : compute(node);
            done.put(node, known);
        }
        return known;
    }

    private Value compute(Node node) {
        if (node.op() instanceof Constant(var tensor) && tensor.count() == 1) {
            return number((float) tensor.toDoubles()[0]);
        }
        if (!(node.op() instanceof Elementwise op)) {
            throw new IllegalStateException("not elementwise: " + node);
        }
        Value result =
                switch (op) {
                    case Unary(Unary.Function f) -> unary(f, value(node.in(0)));
                    case Binary(Binary.Function f) ->
                            binary(f, value(node.in(0)), value(node.in(1)));
                    case Select() ->
                            new Value.Choose(
                                    Comparison.EQUAL,
                                    value(node.in(0)),
                                    number(0),
                                    value(node.in(2)),
                                    value(node.in(1)));
                    case Clip(double low, double high) -> clip(value(node.in(0)), low, high);
                    case Cast(DType to) -> cast(value(node.in(0)), node.in(0).type().dtype(), to);
                };
        return local(result);
    }

    /** Bounds that are not negative can be compared as bits. */
    private Value clip(Value x, double low, double high) {
        Value result = x;
        if (low != Double.NEGATIVE_INFINITY) {
            result =
                    op(
                            low == 0 ? BinaryFunction.MAX_BITS : BinaryFunction.MAX,
                            result,
                            number((float) low));
        }
        if (high != Double.POSITIVE_INFINITY) {
            result =
                    op(
                            high >= 0 ? BinaryFunction.MIN_BITS : BinaryFunction.MIN,
                            result,
                            number((float) high));
        }
        return result;
    }

    private Value cast(Value x, DType from, DType to) {
        return switch (to) {
            case F32, F64 -> x;
            case BOOL -> from == DType.BOOL ? x : compare(Comparison.EQUAL, x, number(0), 0, 1);
            case I8, U8, I32, I64 -> from.isFloating() ? truncated(x) : x;
        };
    }

    private Value unary(Unary.Function f, Value x) {
        return switch (f) {
            case NEG -> new Value.Unary(UnaryFunction.NEG, x);
            case ABS -> new Value.Unary(UnaryFunction.ABS, x);
            case SQRT -> new Value.Unary(UnaryFunction.SQRT, x);
            case RELU -> op(BinaryFunction.MAX_BITS, x, number(0));
            case RECIPROCAL -> op(BinaryFunction.DIV, number(1), x);
            case EXP -> exp(x);
            case LOG -> new Value.Unary(UnaryFunction.LOG, x);
            case SIN -> new Value.Unary(UnaryFunction.SIN, x);
            case COS -> new Value.Unary(UnaryFunction.COS, x);
            case ATAN -> new Value.Unary(UnaryFunction.ATAN, x);
            case SIGMOID -> {
                Value bounded = clamped(negated(x), LOWEST_POWER, -LOWEST_POWER);
                yield op(
                        BinaryFunction.DIV,
                        number(1),
                        op(BinaryFunction.ADD, number(1), power(bounded)));
            }
            case TANH -> tanh(x);
            case SOFTPLUS -> {
                Value tail =
                        new Value.Unary(
                                UnaryFunction.LOG,
                                op(
                                        BinaryFunction.ADD,
                                        number(1),
                                        exp(negated(new Value.Unary(UnaryFunction.ABS, x)))));
                yield op(BinaryFunction.ADD, op(BinaryFunction.MAX, x, number(0)), tail);
            }
            case ERF -> erf(x);
            case SIGN ->
                    op(
                            BinaryFunction.SUB,
                            compare(Comparison.LESS, number(0), x, 1, 0),
                            compare(Comparison.LESS, x, number(0), 1, 0));
            case ROUND -> rounded(x);
            case FLOOR -> {
                Value r = local(rounded(x));
                yield op(BinaryFunction.SUB, r, compare(Comparison.LESS, x, r, 1, 0));
            }
            case CEIL -> {
                Value r = local(rounded(x));
                yield op(BinaryFunction.ADD, r, compare(Comparison.LESS, r, x, 1, 0));
            }
            case NOT -> op(BinaryFunction.SUB, number(1), x);
        };
    }

    private Value binary(Binary.Function f, Value a, Value b) {
        return switch (f) {
            case ADD -> op(BinaryFunction.ADD, a, b);
            case SUB -> op(BinaryFunction.SUB, a, b);
            case MUL -> op(BinaryFunction.MUL, a, b);
            case DIV -> op(BinaryFunction.DIV, a, b);
            case MIN, AND -> op(BinaryFunction.MIN, a, b);
            case MAX, OR -> op(BinaryFunction.MAX, a, b);
            case POW -> op(BinaryFunction.POW, a, b);
            case MOD -> {
                Value quotient =
                        local(unary(Unary.Function.FLOOR, local(op(BinaryFunction.DIV, a, b))));
                yield op(BinaryFunction.SUB, a, op(BinaryFunction.MUL, quotient, b));
            }
            case EQUAL -> compare(Comparison.EQUAL, a, b, 1, 0);
            case LESS -> compare(Comparison.LESS, a, b, 1, 0);
            case LESS_OR_EQUAL -> compare(Comparison.LESS_OR_EQUAL, a, b, 1, 0);
            case XOR -> compare(Comparison.EQUAL, a, b, 0, 1);
        };
    }

    /** {@code e^x}. Results under 2^-125 are 0, over the largest float infinite. */
    private Value exp(Value argument) {
        Value x = local(argument);
        Value scaled = power(clamped(x, LOWEST_POWER, HIGHEST_POWER));
        Value low = new Value.Choose(Comparison.LESS, x, number(LOWEST_POWER), number(0), scaled);
        return local(
                new Value.Choose(
                        Comparison.LESS,
                        number(HIGHEST_POWER),
                        x,
                        number(Float.POSITIVE_INFINITY),
                        low));
    }

    /** {@code x} between {@code low} and {@code high}; a NaN stays one. */
    private Value clamped(Value x, float low, float high) {
        return local(op(BinaryFunction.MIN, number(high), op(BinaryFunction.MAX, number(low), x)));
    }

    /**
     * {@code e^x} = {@code 2^n·e^r} with {@code n} the integer next to {@code x/ln 2}: Taylor's
     * polynomial of degree 6 on {@code |r| ≤ ln 2 / 2}, relative error below 4e-7, for {@code x}
     * between the two bounds.
     */
    private Value power(Value x) {
        Value shifted = local(fma(x, number(1.4426950408889634f), number(INTEGERS)));
        Value n = local(op(BinaryFunction.SUB, shifted, number(INTEGERS)));
        Value r = local(fma(n, number(-0.693359375f), x));
        r = local(fma(n, number(2.12194440e-4f), r));
        double factorial = 720;
        Value p = number((float) (1 / factorial));
        for (int degree = 6; degree >= 1; degree--) {
            factorial /= degree;
            p = local(fma(p, r, number((float) (1 / factorial))));
        }
        return local(op(BinaryFunction.SCALE, p, shifted));
    }

    /**
     * {@code tanh}: an odd polynomial of degree 11 for {@code |x| < 0.55}, {@code 1 - 2/(e^{2|x|} +
     * 1)} beyond.
     */
    private Value tanh(Value argument) {
        Value x = local(argument);
        Value size = local(new Value.Unary(UnaryFunction.ABS, x));
        Value z = local(op(BinaryFunction.MUL, x, x));
        double[] series = {-1382.0 / 155925, 62.0 / 2835, -17.0 / 315, 2.0 / 15, -1.0 / 3, 1};
        Value p = number((float) (21844.0 / 6081075));
        for (double coefficient : series) {
            p = local(fma(p, z, number((float) coefficient)));
        }
        Value small = op(BinaryFunction.MUL, x, p);
        Value far =
                local(
                        op(
                                BinaryFunction.SUB,
                                number(1),
                                op(
                                        BinaryFunction.DIV,
                                        number(2),
                                        op(
                                                BinaryFunction.ADD,
                                                exp(op(BinaryFunction.ADD, size, size)),
                                                number(1)))));
        Value signed = new Value.Choose(Comparison.LESS, x, number(0), negated(far), far);
        return local(new Value.Choose(Comparison.LESS, size, number(0.55f), small, signed));
    }

    /**
     * The error function by formula 7.1.26 of Abramowitz and Stegun, absolute error below 2e-7 in
     * single precision.
     */
    private Value erf(Value argument) {
        Value x = local(argument);
        Value size = local(new Value.Unary(UnaryFunction.ABS, x));
        Value t =
                local(op(BinaryFunction.DIV, number(1), fma(number(0.3275911f), size, number(1))));
        Value p = number(1.061405429f);
        for (float coefficient :
                new float[] {-1.453152027f, 1.421413741f, -0.284496736f, 0.254829592f}) {
            p = local(fma(p, t, number(coefficient)));
        }
        Value tail =
                local(
                        op(
                                BinaryFunction.MUL,
                                op(BinaryFunction.MUL, p, t),
                                exp(negated(op(BinaryFunction.MUL, x, x)))));
        Value positive = op(BinaryFunction.SUB, number(1), tail);
        Value negative = op(BinaryFunction.SUB, tail, number(1));
        return local(new Value.Choose(Comparison.LESS, x, number(0), negative, positive));
    }

    /**
     * The integer next to {@code x}, ties to even, for {@code |x| < 2^22}: adding 1.5·2^23 leaves
     * no fraction bits.
     */
    private Value nearest(Value x) {
        Value shifted = local(op(BinaryFunction.ADD, x, number(INTEGERS)));
        return op(BinaryFunction.SUB, shifted, number(INTEGERS));
    }

    private Value rounded(Value argument) {
        Value x = local(argument);
        Value near = nearest(x);
        Value size = new Value.Unary(UnaryFunction.ABS, x);
        return local(new Value.Choose(Comparison.LESS, size, number(4194304f), near, x));
    }

    private Value truncated(Value argument) {
        Value x = local(argument);
        Value size = local(new Value.Unary(UnaryFunction.ABS, x));
        Value floor = local(unary(Unary.Function.FLOOR, size));
        return local(new Value.Choose(Comparison.LESS, x, number(0), negated(floor), floor));
    }

    private Value compare(Comparison comparison, Value a, Value b, float yes, float no) {
        return new Value.Choose(comparison, a, b, number(yes), number(no));
    }

    /** Operands that are read twice by {@code f} become locals. */
    private Value op(BinaryFunction f, Value a, Value b) {
        boolean twice = f == BinaryFunction.MIN || f == BinaryFunction.MAX;
        return twice ? new Value.Binary(f, local(a), local(b)) : new Value.Binary(f, a, b);
    }

    private static Value fma(Value a, Value b, Value c) {
        return new Value.Fma(a, b, c);
    }

    private static Value negated(Value x) {
        return new Value.Unary(UnaryFunction.NEG, x);
    }

    private Value number(float value) {
        return new Value.Const(value, lanes);
    }

    /** {@code value} as a local, so that using it twice computes it once. */
    private Value local(Value value) {
        if (value instanceof Value.Local || value instanceof Value.Const) {
            return value;
        }
        Value.Local local = new Value.Local(prefix + locals++, lanes);
        out.add(new Stmt.Let(local, value));
        return local;
    }
}
