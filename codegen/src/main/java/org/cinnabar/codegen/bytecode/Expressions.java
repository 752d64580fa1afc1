package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.constant.ClassDesc;
import java.util.List;
import org.cinnabar.codegen.bytecode.Expression.Binary.Operator;
import org.cinnabar.codegen.bytecode.Expression.Comparison.Relation;

/**
 * Factories of expressions, made to be imported statically and nested: {@code add(mul(a, b), c)}.
 * Arithmetic on {@code int} and {@code long} folds constants as {@link Folding} says.
 */
public final class Expressions {
    private Expressions() {}

    public static Expression constant(int value) {
        return new Expression.Constant(value, CD_int);
    }

    public static Expression constant(long value) {
        return new Expression.Constant(value, CD_long);
    }

    public static Expression constant(float value) {
        return new Expression.Constant(value, CD_float);
    }

    public static Expression constant(double value) {
        return new Expression.Constant(value, CD_double);
    }

    public static Expression constant(boolean value) {
        return new Expression.Constant(value, CD_boolean);
    }

    public static Expression constant(String value) {
        return new Expression.Constant(value, CD_String);
    }

    /** {@code type.class}, of a class or array. */
    public static Expression classConstant(ClassDesc type) {
        return new Expression.Constant(type, CD_Class);
    }

    public static Expression nullConstant(ClassDesc type) {
        return new Expression.Constant(null, type);
    }

    public static Expression add(Expression left, Expression right) {
        return Folding.binary(Operator.ADD, left, right);
    }

    public static Expression sub(Expression left, Expression right) {
        return Folding.binary(Operator.SUB, left, right);
    }

    public static Expression mul(Expression left, Expression right) {
        return Folding.binary(Operator.MUL, left, right);
    }

    public static Expression div(Expression left, Expression right) {
        return Folding.binary(Operator.DIV, left, right);
    }

    public static Expression rem(Expression left, Expression right) {
        return Folding.binary(Operator.REM, left, right);
    }

    public static Expression shl(Expression left, Expression distance) {
        return Folding.binary(Operator.SHL, left, distance);
    }

    public static Expression shr(Expression left, Expression distance) {
        return Folding.binary(Operator.SHR, left, distance);
    }

    public static Expression ushr(Expression left, Expression distance) {
        return Folding.binary(Operator.USHR, left, distance);
    }

    public static Expression bitAnd(Expression left, Expression right) {
        return Folding.binary(Operator.AND, left, right);
    }

    public static Expression bitOr(Expression left, Expression right) {
        return Folding.binary(Operator.OR, left, right);
    }

    public static Expression bitXor(Expression left, Expression right) {
        return Folding.binary(Operator.XOR, left, right);
    }

    public static Expression neg(Expression operand) {
        return Folding.negate(operand);
    }

    /** The operand itself where it has the type already. */
    public static Expression cast(Expression operand, ClassDesc type) {
        if (operand instanceof Expression.Constant(Number number, ClassDesc from)
                && Types.isNumeric(type)
                && !type.equals(from)) {
            if (type.equals(CD_long)) {
                return constant(number.longValue());
            }
            if (type.equals(CD_float)) {
                return constant(number.floatValue());
            }
            if (type.equals(CD_double)) {
                return constant(number.doubleValue());
            }
            return new Expression.Constant(Types.narrowed(number.intValue(), type), type);
        }
        return operand.type().equals(type) ? operand : new Expression.Cast(operand, type);
    }

    public static Expression eq(Expression left, Expression right) {
        return new Expression.Comparison(Relation.EQ, left, right);
    }

    public static Expression ne(Expression left, Expression right) {
        return new Expression.Comparison(Relation.NE, left, right);
    }

    public static Expression lt(Expression left, Expression right) {
        return new Expression.Comparison(Relation.LT, left, right);
    }

    public static Expression le(Expression left, Expression right) {
        return new Expression.Comparison(Relation.LE, left, right);
    }

    public static Expression gt(Expression left, Expression right) {
        return new Expression.Comparison(Relation.GT, left, right);
    }

    public static Expression ge(Expression left, Expression right) {
        return new Expression.Comparison(Relation.GE, left, right);
    }

    public static Expression and(Expression left, Expression right) {
        return new Expression.Logical(Expression.Logical.Operator.AND, left, right);
    }

    public static Expression or(Expression left, Expression right) {
        return new Expression.Logical(Expression.Logical.Operator.OR, left, right);
    }

    public static Expression not(Expression operand) {
        return new Expression.Not(operand);
    }

    public static Expression conditional(
            Expression condition, Expression then, Expression otherwise) {
        return new Expression.Conditional(condition, then, otherwise);
    }

    /** {@code array[index]}, to be read or assigned. */
    public static Expression.Place element(Expression array, Expression index) {
        return new Expression.Element(array, index);
    }

    public static Expression length(Expression array) {
        return new Expression.Length(array);
    }

    public static Expression newArray(ClassDesc element, Expression length) {
        return new Expression.NewArray(element, length);
    }

    /** The static field, to be read or assigned. */
    public static Expression.Place field(FieldRef field) {
        return new Expression.StaticField(field);
    }

    /** The field of {@code receiver}, to be read or assigned. */
    public static Expression.Place field(Expression receiver, FieldRef field) {
        return new Expression.InstanceField(receiver, field);
    }

    /** A call; the first operand is the receiver unless the method is static or a constructor. */
    public static Expression.Call call(MethodRef method, Expression... operands) {
        return new Expression.Call(method, List.of(operands));
    }

    /** {@code this} within methods of {@code owner}. */
    public static Variable self(ClassDesc owner) {
        return new Variable(Variable.THIS, owner);
    }
}
