package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;

/**
 * A Java expression: typed when it is built, written as Java by {@link #render}, immutable and free
 * to be used in several places. Build it with {@link Expressions}; constructors reject operands
 * whose types Java would reject. Numbers never change type silently, except that {@code byte},
 * {@code short} and {@code char} compute as {@code int}.
 */
public sealed interface Expression
        permits Expression.Constant,
                Expression.Place,
                Expression.Binary,
                Expression.Negate,
                Expression.Cast,
                Expression.Condition,
                Expression.Conditional,
                Expression.Length,
                Expression.NewArray,
                Expression.Call {

    ClassDesc type();

    /** This expression as Java source, with simple class names. */
    default String render() {
        return new Printer().expression(this);
    }

    /** What can stand on the left of an assignment. */
    sealed interface Place extends Expression
            permits Variable, Element, StaticField, InstanceField {}

    /** A boolean best emitted as a jump. */
    sealed interface Condition extends Expression permits Comparison, Logical, Not {
        @Override
        default ClassDesc type() {
            return CD_boolean;
        }
    }

    /**
     * A literal: a boxed primitive, a string, a class ({@link ClassDesc}) or {@code null} of some
     * type.
     */
    record Constant(@Nullable Object value, ClassDesc type) implements Expression {
        public Constant {
            boolean matches =
                    switch (value) {
                        case null -> Types.isReference(type);
                        case Boolean _ -> type.equals(CD_boolean);
                        case Integer number ->
                                Types.promoted(type).equals(CD_int)
                                        && Types.narrowed(number, type) == number;
                        case Long _ -> type.equals(CD_long);
                        case Float _ -> type.equals(CD_float);
                        case Double _ -> type.equals(CD_double);
                        case String _ -> type.equals(CD_String);
                        case ClassDesc desc -> type.equals(CD_Class) && Types.isReference(desc);
                        default -> false;
                    };
            if (!matches) {
                throw new IllegalArgumentException(
                        "no constant %s of type %s".formatted(value, Types.name(type)));
            }
        }
    }

    /** {@code array[index]}. */
    record Element(Expression array, Expression index) implements Place {
        public Element {
            requireArray(array);
            Types.requireType("index", index, CD_int);
        }

        @Override
        public ClassDesc type() {
            return array.type().componentType();
        }
    }

    /** {@code owner.name}. */
    record StaticField(FieldRef field) implements Place {
        @Override
        public ClassDesc type() {
            return field.type();
        }
    }

    /** {@code receiver.name}. */
    record InstanceField(Expression receiver, FieldRef field) implements Place {
        public InstanceField {
            Types.requireConforms("receiver of " + field.name(), receiver, field.owner());
        }

        @Override
        public ClassDesc type() {
            return field.type();
        }
    }

    /**
     * {@code left operator right}, both of one numeric type; a shift distance is an {@code int}.
     */
    record Binary(Operator operator, Expression left, Expression right) implements Expression {
        /** Arithmetic, shifts and bit operations. */
        public enum Operator {
            ADD("+", Precedence.ADDITIVE, Opcodes.IADD),
            SUB("-", Precedence.ADDITIVE, Opcodes.ISUB),
            MUL("*", Precedence.MULTIPLICATIVE, Opcodes.IMUL),
            DIV("/", Precedence.MULTIPLICATIVE, Opcodes.IDIV),
            REM("%", Precedence.MULTIPLICATIVE, Opcodes.IREM),
            SHL("<<", Precedence.SHIFT, Opcodes.ISHL),
            SHR(">>", Precedence.SHIFT, Opcodes.ISHR),
            USHR(">>>", Precedence.SHIFT, Opcodes.IUSHR),
            AND("&", Precedence.BIT_AND, Opcodes.IAND),
            XOR("^", Precedence.BIT_XOR, Opcodes.IXOR),
            OR("|", Precedence.BIT_OR, Opcodes.IOR);

            final String symbol;
            final Precedence precedence;
            final int opcode;

            Operator(String symbol, Precedence precedence, int opcode) {
                this.symbol = symbol;
                this.precedence = precedence;
                this.opcode = opcode;
            }

            boolean isShift() {
                return precedence == Precedence.SHIFT;
            }

            boolean isIntegral() {
                return this.compareTo(SHL) >= 0;
            }
        }

        public Binary {
            boolean typed =
                    operator.isIntegral()
                            ? Types.isIntegral(left.type())
                            : Types.isNumeric(left.type());
            ClassDesc expected = operator.isShift() ? CD_int : Types.promoted(left.type());
            if (!typed || !Types.promoted(right.type()).equals(expected)) {
                throw mismatch(operator.symbol, left, right);
            }
        }

        @Override
        public ClassDesc type() {
            return Types.promoted(left.type());
        }
    }

    /** {@code -operand}. */
    record Negate(Expression operand) implements Expression {
        public Negate {
            if (!Types.isNumeric(operand.type())) {
                throw new IllegalArgumentException(
                        "cannot negate %s, a %s"
                                .formatted(operand.render(), Types.name(operand.type())));
            }
        }

        @Override
        public ClassDesc type() {
            return Types.promoted(operand.type());
        }
    }

    /** {@code (type) operand} between numbers or between references. */
    record Cast(Expression operand, ClassDesc type) implements Expression {
        public Cast {
            boolean numbers = Types.isNumeric(operand.type()) && Types.isNumeric(type);
            boolean references = Types.isReference(operand.type()) && Types.isReference(type);
            if (!numbers && !references) {
                throw new IllegalArgumentException(
                        "cannot cast %s, a %s, to %s"
                                .formatted(
                                        operand.render(),
                                        Types.name(operand.type()),
                                        Types.name(type)));
            }
        }
    }

    /** {@code left relation right}; booleans and references know only {@code ==} and {@code !=}. */
    record Comparison(Relation relation, Expression left, Expression right) implements Condition {
        /** The six relations of Java. */
        public enum Relation {
            EQ("==", Opcodes.IFEQ),
            NE("!=", Opcodes.IFNE),
            LT("<", Opcodes.IFLT),
            GE(">=", Opcodes.IFGE),
            GT(">", Opcodes.IFGT),
            LE("<=", Opcodes.IFLE);

            final String symbol;

            /** The jump taken when an {@code int} stands in this relation to zero. */
            final int opcode;

            Relation(String symbol, int opcode) {
                this.symbol = symbol;
                this.opcode = opcode;
            }

            boolean isEquality() {
                return this == EQ || this == NE;
            }

            Relation negated() {
                return switch (this) {
                    case EQ -> NE;
                    case NE -> EQ;
                    case LT -> GE;
                    case GE -> LT;
                    case GT -> LE;
                    case LE -> GT;
                };
            }
        }

        public Comparison {
            ClassDesc type = Types.promoted(left.type());
            boolean references = Types.isReference(type) && Types.isReference(right.type());
            boolean comparable =
                    references || type.equals(CD_boolean)
                            ? relation.isEquality()
                            : Types.isNumeric(type);
            if (!comparable || !references && !type.equals(Types.promoted(right.type()))) {
                throw mismatch(relation.symbol, left, right);
            }
        }
    }

    /** {@code left && right} or {@code left || right}. */
    record Logical(Operator operator, Expression left, Expression right) implements Condition {
        /** Short-circuiting conjunction and disjunction. */
        public enum Operator {
            AND("&&", Precedence.LOGICAL_AND),
            OR("||", Precedence.LOGICAL_OR);

            final String symbol;
            final Precedence precedence;

            Operator(String symbol, Precedence precedence) {
                this.symbol = symbol;
                this.precedence = precedence;
            }
        }

        public Logical {
            Types.requireType("operand of " + operator.symbol, left, CD_boolean);
            Types.requireType("operand of " + operator.symbol, right, CD_boolean);
        }
    }

    /** {@code !operand}. */
    record Not(Expression operand) implements Condition {
        public Not {
            Types.requireType("operand of !", operand, CD_boolean);
        }
    }

    /** {@code condition ? then : otherwise}, both branches of one type. */
    record Conditional(Expression condition, Expression then, Expression otherwise)
            implements Expression {
        public Conditional {
            Types.requireType("condition", condition, CD_boolean);
            if (!then.type().equals(otherwise.type()) || then.type().equals(CD_void)) {
                throw mismatch("?:", then, otherwise);
            }
        }

        @Override
        public ClassDesc type() {
            return then.type();
        }
    }

    /** {@code array.length}. */
    record Length(Expression array) implements Expression {
        public Length {
            requireArray(array);
        }

        @Override
        public ClassDesc type() {
            return CD_int;
        }
    }

    /** {@code new element[length]}. */
    record NewArray(ClassDesc element, Expression length) implements Expression {
        public NewArray {
            if (element.equals(CD_void)) {
                throw new IllegalArgumentException("no array of void");
            }
            Types.requireType("length", length, CD_int);
        }

        @Override
        public ClassDesc type() {
            return element.arrayType();
        }
    }

    /**
     * The call of a method, whose first operand is the receiver unless it is static, or {@code
     * new}.
     */
    record Call(MethodRef method, List<Expression> operands) implements Expression {
        public Call {
            operands = List.copyOf(operands);
            List<ClassDesc> expected = method.operandTypes();
            if (operands.size() != expected.size()) {
                throw new IllegalArgumentException(
                        "%s.%s takes %d operands, got %d"
                                .formatted(
                                        Types.name(method.owner()),
                                        method.name(),
                                        expected.size(),
                                        operands.size()));
            }
            for (int i = 0; i < expected.size(); i++) {
                String what =
                        "operand %d of %s.%s"
                                .formatted(i, Types.name(method.owner()), method.name());
                Types.requireConforms(what, operands.get(i), expected.get(i));
            }
        }

        @Override
        public ClassDesc type() {
            return method.kind() == MethodRef.Kind.CONSTRUCTOR
                    ? method.owner()
                    : method.type().returnType();
        }
    }

    private static void requireArray(Expression array) {
        if (!array.type().isArray()) {
            throw new IllegalArgumentException(
                    "%s is %s, not an array".formatted(array.render(), Types.name(array.type())));
        }
    }

    private static IllegalArgumentException mismatch(
            String operator, Expression left, Expression right) {
        return new IllegalArgumentException(
                "%s does not apply to %s, a %s, and %s, a %s"
                        .formatted(
                                operator,
                                left.render(),
                                Types.name(left.type()),
                                right.render(),
                                Types.name(right.type())));
    }
}
