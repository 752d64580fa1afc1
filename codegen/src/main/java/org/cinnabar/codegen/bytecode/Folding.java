package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.OptionalLong;
import org.cinnabar.codegen.bytecode.Expression.Binary;
import org.cinnabar.codegen.bytecode.Expression.Binary.Operator;
import org.cinnabar.codegen.bytecode.Expression.Constant;

/**
 * Keeps integer arithmetic as short as one would write it. On {@code int} and {@code long}, whose
 * arithmetic wraps around and is therefore associative and distributive:
 *
 * <ul>
 *   <li>an operator on two constants is a constant, unless it divides by zero;
 *   <li>constant terms of a sum move to its end: {@code (a + 3) + (b - 1)} is {@code a + b + 2};
 *   <li>constant factors merge at the end of a product: {@code 2 * (x * 3)} is {@code x * 6};
 *   <li>{@code x * 1}, {@code x / 1}, {@code x << 0} and the like are {@code x}; {@code v * 0} is
 *       {@code 0} for a variable {@code v}.
 * </ul>
 *
 * Floating-point arithmetic is left as written.
 */
final class Folding {
    private Folding() {}

    /** A sum split into what varies and its constant term. */
    private record Sum(Expression varying, long constant) {}

    static Expression binary(Operator operator, Expression left, Expression right) {
        Binary unfolded = new Binary(operator, left, right);
        if (!Types.isIntegral(unfolded.type())) {
            return unfolded;
        }
        OptionalLong l = value(left);
        OptionalLong r = value(right);
        if (l.isPresent() && r.isPresent() && !(divides(operator) && r.getAsLong() == 0)) {
            return evaluate(operator, unfolded.type(), l.getAsLong(), r.getAsLong());
        }
        return switch (operator) {
            case ADD, SUB -> sum(unfolded);
            case MUL -> product(unfolded);
            case DIV -> r.isPresent() && r.getAsLong() == 1 ? left : unfolded;
            case SHL, SHR, USHR, OR, XOR -> r.isPresent() && r.getAsLong() == 0 ? left : unfolded;
            case REM, AND -> unfolded;
        };
    }

    static Expression negate(Expression operand) {
        return switch (operand) {
            case Constant(Integer value, _) -> Expressions.constant(-value);
            case Constant(Long value, _) -> Expressions.constant(-value);
            case Constant(Float value, _) -> Expressions.constant(-value);
            case Constant(Double value, _) -> Expressions.constant(-value);
            default -> new Expression.Negate(operand);
        };
    }

    private static Expression sum(Binary binary) {
        boolean isAdd = binary.operator() == Operator.ADD;
        Sum left = split(binary.left());
        Sum right = split(binary.right());
        ClassDesc type = binary.type();
        long constant = isAdd ? left.constant + right.constant : left.constant - right.constant;
        if (value(left.varying).isPresent()) {
            if (isAdd) {
                return plus(right.varying, constant, type);
            }
            return new Binary(Operator.SUB, constantOf(type, constant), right.varying);
        }
        if (value(right.varying).isPresent()) {
            return plus(left.varying, constant, type);
        }
        return plus(new Binary(binary.operator(), left.varying, right.varying), constant, type);
    }

    /** The constant term of {@code x + c}, {@code x - c} or {@code c} alone; otherwise zero. */
    private static Sum split(Expression expression) {
        OptionalLong alone = value(expression);
        if (alone.isPresent()) {
            return new Sum(constantOf(Types.promoted(expression.type()), 0), alone.getAsLong());
        }
        if (expression instanceof Binary(Operator operator, Expression left, Expression right)) {
            OptionalLong constant = value(right);
            if (constant.isPresent() && operator == Operator.ADD) {
                return new Sum(left, constant.getAsLong());
            }
            if (constant.isPresent() && operator == Operator.SUB) {
                return new Sum(left, -constant.getAsLong());
            }
        }
        return new Sum(expression, 0);
    }

    private static Expression plus(Expression varying, long constant, ClassDesc type) {
        Constant term = constantOf(type, constant);
        long wrapped = value(term).orElseThrow();
        if (wrapped == 0) {
            return varying;
        }
        Constant negated = constantOf(type, -wrapped);
        return wrapped < 0 && value(negated).orElseThrow() > 0
                ? new Binary(Operator.SUB, varying, negated)
                : new Binary(Operator.ADD, varying, term);
    }

    private static Expression product(Binary binary) {
        boolean constantFirst = value(binary.left()).isPresent();
        Expression varying = constantFirst ? binary.right() : binary.left();
        OptionalLong factor = value(constantFirst ? binary.left() : binary.right());
        if (factor.isEmpty()) {
            return binary;
        }
        if (factor.getAsLong() == 1) {
            return varying;
        }
        if (factor.getAsLong() == 0 && varying instanceof Variable) {
            return constantOf(binary.type(), 0);
        }
        if (varying instanceof Binary(Operator operator, Expression left, Expression right)
                && operator == Operator.MUL
                && value(right).isPresent()) {
            long merged = value(right).getAsLong() * factor.getAsLong();
            return binary(Operator.MUL, left, constantOf(binary.type(), merged));
        }
        return new Binary(Operator.MUL, varying, constantOf(binary.type(), factor.getAsLong()));
    }

    private static Constant evaluate(Operator operator, ClassDesc type, long l, long r) {
        boolean isLong = type.equals(ConstantDescs.CD_long);
        return constantOf(
                type,
                switch (operator) {
                    case ADD -> l + r;
                    case SUB -> l - r;
                    case MUL -> l * r;
                    case DIV -> l / r;
                    case REM -> l % r;
                    case SHL -> isLong ? l << r : (int) l << r;
                    case SHR -> isLong ? l >> r : (int) l >> r;
                    case USHR -> isLong ? l >>> r : (int) l >>> r;
                    case AND -> l & r;
                    case XOR -> l ^ r;
                    case OR -> l | r;
                });
    }

    private static boolean divides(Operator operator) {
        return operator == Operator.DIV || operator == Operator.REM;
    }

    private static OptionalLong value(Expression expression) {
        return switch (expression) {
            case Constant(Integer value, _) -> OptionalLong.of(value);
            case Constant(Long value, _) -> OptionalLong.of(value);
            default -> OptionalLong.empty();
        };
    }

    /** The constant of that type, wrapped around as its arithmetic does. */
    private static Constant constantOf(ClassDesc type, long value) {
        return type.equals(ConstantDescs.CD_long)
                ? new Constant(value, type)
                : new Constant((int) value, ConstantDescs.CD_int);
    }
}
