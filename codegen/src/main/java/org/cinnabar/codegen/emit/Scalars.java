package org.cinnabar.codegen.emit;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static org.cinnabar.codegen.bytecode.Expressions.add;
import static org.cinnabar.codegen.bytecode.Expressions.and;
import static org.cinnabar.codegen.bytecode.Expressions.call;
import static org.cinnabar.codegen.bytecode.Expressions.cast;
import static org.cinnabar.codegen.bytecode.Expressions.conditional;
import static org.cinnabar.codegen.bytecode.Expressions.div;
import static org.cinnabar.codegen.bytecode.Expressions.element;
import static org.cinnabar.codegen.bytecode.Expressions.le;
import static org.cinnabar.codegen.bytecode.Expressions.lt;
import static org.cinnabar.codegen.bytecode.Expressions.mul;
import static org.cinnabar.codegen.bytecode.Expressions.neg;
import static org.cinnabar.codegen.bytecode.Expressions.not;
import static org.cinnabar.codegen.bytecode.Expressions.or;
import static org.cinnabar.codegen.bytecode.Expressions.shl;
import static org.cinnabar.codegen.bytecode.Expressions.sub;

import java.lang.constant.ClassDesc;
import java.util.List;
import org.cinnabar.codegen.bytecode.Expression;
import org.cinnabar.codegen.bytecode.Expressions;
import org.cinnabar.codegen.bytecode.MethodRef;
import org.cinnabar.codegen.bytecode.Statement;
import org.cinnabar.codegen.bytecode.Statements;
import org.cinnabar.codegen.bytecode.Variable;
import org.cinnabar.ir.loop.Value.BinaryFunction;
import org.cinnabar.ir.loop.Value.Comparison;
import org.cinnabar.ir.loop.Value.UnaryFunction;

/**
 * One lane: plain {@code float} arithmetic, except that nothing compares two {@code float}s. Beside
 * vectors of 512 bits, native-image 25 compares other registers than those that hold them, wherever
 * one is beyond the first sixteen.
 */
final class Scalars implements Arithmetic {
    private static final MethodRef FMA =
            MethodRef.of(Math.class, "fma", float.class, float.class, float.class);
    private static final MethodRef ABS = MethodRef.of(Math.class, "abs", float.class);
    private static final MethodRef MAX_INT = MethodRef.of(Math.class, "max", int.class, int.class);
    private static final MethodRef MIN_INT = MethodRef.of(Math.class, "min", int.class, int.class);
    private static final MethodRef SQRT = MethodRef.of(Math.class, "sqrt", double.class);
    private static final MethodRef LOG = MethodRef.of(Math.class, "log", double.class);
    private static final MethodRef SIN = MethodRef.of(Math.class, "sin", double.class);
    private static final MethodRef COS = MethodRef.of(Math.class, "cos", double.class);
    private static final MethodRef ATAN = MethodRef.of(Math.class, "atan", double.class);
    private static final MethodRef POW =
            MethodRef.of(Math.class, "pow", double.class, double.class);
    private static final MethodRef TO_BITS =
            MethodRef.of(Float.class, "floatToRawIntBits", float.class);
    private static final MethodRef OF_BITS = MethodRef.of(Float.class, "intBitsToFloat", int.class);

    static final int MANTISSA_BITS = 23;

    @Override
    public ClassDesc type() {
        return CD_float;
    }

    @Override
    public ClassDesc bitsType() {
        return CD_int;
    }

    @Override
    public Expression bits(Expression a) {
        return switch (a) {
            case Variable(_, ClassDesc type) when type.equals(CD_int) -> a;
            case Expression.Call(MethodRef f, List<Expression> operands) when f.equals(OF_BITS) ->
                    operands.getFirst();
            default -> call(TO_BITS, a);
        };
    }

    @Override
    public Expression constant(float value) {
        return Expressions.constant(value);
    }

    @Override
    public Expression splat(Expression scalar) {
        return scalar;
    }

    @Override
    public Expression load(Expression array, Expression index) {
        return element(array, index);
    }

    @Override
    public Statement store(Expression array, Expression index, Expression value) {
        return Statements.assign(element(array, index), value);
    }

    @Override
    public Statement prefetch(Expression array, Expression index) {
        return Statements.block();
    }

    @Override
    public Expression unary(UnaryFunction f, Expression a) {
        return switch (f) {
            case NEG -> neg(a);
            case ABS -> call(ABS, a);
            case SQRT -> viaDouble(SQRT, a);
            case SHIFT_BYTE -> call(OF_BITS, shifted(bits(a), Byte.SIZE));
            case SHIFT_HALF -> call(OF_BITS, shifted(bits(a), Short.SIZE));
            case INTEGER -> cast(bits(a), CD_float);
            case LOG -> viaDouble(LOG, a);
            case SIN -> viaDouble(SIN, a);
            case COS -> viaDouble(COS, a);
            case ATAN -> viaDouble(ATAN, a);
        };
    }

    private static Expression viaDouble(MethodRef method, Expression a) {
        return cast(call(method, cast(a, CD_double)), CD_float);
    }

    @Override
    public Expression binary(BinaryFunction f, Expression a, Expression b) {
        return switch (f) {
            case ADD -> add(a, b);
            case SUB -> sub(a, b);
            case MUL -> mul(a, b);
            case DIV -> div(a, b);
            case MIN -> conditional(less(a, b), a, b);
            case MAX -> conditional(less(b, a), a, b);
            case MIN_BITS -> asBits(MIN_INT, a, b);
            case MAX_BITS -> asBits(MAX_INT, a, b);
            case SCALE -> call(OF_BITS, add(bits(a), shifted(bits(b), MANTISSA_BITS)));
            case ADD_BITS -> call(OF_BITS, add(bits(a), bits(b)));
            case POW -> cast(call(POW, cast(a, CD_double), cast(b, CD_double)), CD_float);
        };
    }

    private static Expression shifted(Expression bits, int by) {
        return shl(bits, Expressions.constant(by));
    }

    private Expression asBits(MethodRef f, Expression a, Expression b) {
        return call(OF_BITS, call(f, bits(a), bits(b)));
    }

    @Override
    public Expression fma(Expression a, Expression b, Expression c) {
        return call(FMA, a, b, c);
    }

    @Override
    public Expression choose(
            Comparison compare, Expression a, Expression b, Expression yes, Expression no) {
        return switch (compare) {
            case LESS -> conditional(less(a, b), yes, no);
            case LESS_OR_EQUAL -> conditional(and(comparable(a, b), not(less(b, a))), yes, no);
            case EQUAL ->
                    conditional(and(comparable(a, b), not(or(less(a, b), less(b, a)))), yes, no);
        };
    }

    /**
     * {@code a < b}: whether the difference is negative, but neither -0, whose predecessor as an
     * integer is the largest of all, nor a NaN, which is beyond the infinity of its sign.
     */
    private static Expression less(Expression a, Expression b) {
        return lt(
                sub(call(TO_BITS, sub(a, b)), Expressions.constant(1)),
                bits(Float.NEGATIVE_INFINITY));
    }

    /** Whether neither is a NaN: a sum of sizes is one only if one of them is. */
    private static Expression comparable(Expression a, Expression b) {
        return le(call(TO_BITS, add(call(ABS, a), call(ABS, b))), bits(Float.POSITIVE_INFINITY));
    }

    private static Expression bits(float value) {
        return Expressions.constant(Float.floatToRawIntBits(value));
    }

    @Override
    public Expression fold(BinaryFunction f, Variable a) {
        return a;
    }
}
