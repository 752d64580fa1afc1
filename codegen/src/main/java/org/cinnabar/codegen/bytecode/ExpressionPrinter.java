package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.stream.Collectors;
import org.cinnabar.codegen.bytecode.Expression.Binary;
import org.cinnabar.codegen.bytecode.Expression.Call;
import org.cinnabar.codegen.bytecode.Expression.Comparison;
import org.cinnabar.codegen.bytecode.Expression.Conditional;
import org.cinnabar.codegen.bytecode.Expression.Constant;
import org.cinnabar.codegen.bytecode.Expression.Logical;

/**
 * Writes expressions as Java, with no more parentheses than it takes to read them back the same.
 */
final class ExpressionPrinter {
    private final Names names;

    ExpressionPrinter(Names names) {
        this.names = names;
    }

    String print(Expression expression) {
        return switch (expression) {
            case Constant constant -> literal(constant);
            case Variable(String name, _) -> name;
            case Expression.Element(var array, var index) ->
                    array(array) + "[" + print(index) + "]";
            case Expression.StaticField(FieldRef field) -> names.staticField(field);
            case Expression.InstanceField(var receiver, FieldRef field) ->
                    primary(receiver) + "." + field.name();
            case Binary(var operator, var left, var right) ->
                    infix(left, operator.symbol, operator.precedence, right);
            case Expression.Negate(var operand) -> "-" + primary(operand);
            case Expression.Cast(var operand, ClassDesc type) ->
                    "(" + names.type(type) + ") " + operand(operand, Precedence.UNARY);
            case Comparison comparison ->
                    infix(
                            comparison.left(),
                            comparison.relation().symbol,
                            precedence(comparison),
                            comparison.right());
            case Logical(var operator, var left, var right) ->
                    infix(left, operator.symbol, operator.precedence, right);
            case Expression.Not(var operand) -> "!" + operand(operand, Precedence.UNARY);
            case Conditional(var condition, var then, var otherwise) ->
                    operand(condition, Precedence.LOGICAL_OR)
                            + " ? "
                            + print(then)
                            + " : "
                            + print(otherwise);
            case Expression.Length(var array) -> primary(array) + ".length";
            case Expression.NewArray(ClassDesc element, var length) -> newArray(element, length);
            case Call call -> call(call);
        };
    }

    private String infix(Expression left, String symbol, Precedence precedence, Expression right) {
        return operand(left, precedence)
                + " "
                + symbol
                + " "
                + operand(right, precedence.tighter());
    }

    private String operand(Expression expression, Precedence least) {
        boolean looser = precedence(expression).compareTo(least) < 0;
        return looser ? "(" + print(expression) + ")" : print(expression);
    }

    private String primary(Expression expression) {
        return operand(expression, Precedence.PRIMARY);
    }

    /** An array about to be indexed, where {@code new} would take the index for a dimension. */
    private String array(Expression array) {
        return array instanceof Expression.NewArray ? "(" + print(array) + ")" : primary(array);
    }

    private static Precedence precedence(Expression expression) {
        return switch (expression) {
            case Constant(Number value, ClassDesc type) when isNegative(value) || isNarrow(type) ->
                    Precedence.UNARY;
            case Binary binary -> binary.operator().precedence;
            case Logical logical -> logical.operator().precedence;
            case Comparison comparison ->
                    comparison.relation().isEquality()
                            ? Precedence.EQUALITY
                            : Precedence.RELATIONAL;
            case Expression.Negate _, Expression.Cast _, Expression.Not _ -> Precedence.UNARY;
            case Conditional _ -> Precedence.CONDITIONAL;
            case Constant _,
                    Expression.Place _,
                    Expression.Length _,
                    Expression.NewArray _,
                    Call _ ->
                    Precedence.PRIMARY;
        };
    }

    private static boolean isNarrow(ClassDesc type) {
        return !Types.promoted(type).equals(type);
    }

    private static boolean isNegative(Number value) {
        return Math.copySign(1.0, value.doubleValue()) < 0;
    }

    private String literal(Constant constant) {
        return switch (constant.value()) {
            case null -> "null";
            case Integer value when isNarrow(constant.type()) ->
                    "(" + names.type(constant.type()) + ") " + value;
            case Long value -> value + "L";
            case Float value when value.isNaN() -> "Float.NaN";
            case Float value when value.isInfinite() -> infinity("Float", value > 0);
            case Float value -> value + "f";
            case Double value when value.isNaN() -> "Double.NaN";
            case Double value when value.isInfinite() -> infinity("Double", value > 0);
            case String value -> quoted(value);
            case ClassDesc value -> names.type(value) + ".class";
            case Object value -> value.toString();
        };
    }

    private static String infinity(String type, boolean positive) {
        return type + (positive ? ".POSITIVE_INFINITY" : ".NEGATIVE_INFINITY");
    }

    private static String quoted(String text) {
        return text.chars()
                .mapToObj(
                        c ->
                                switch (c) {
                                    case '"' -> "\\\"";
                                    case '\\' -> "\\\\";
                                    case '\n' -> "\\n";
                                    case '\r' -> "\\r";
                                    case '\t' -> "\\t";
                                    default ->
                                            c < ' ' || c > '~'
                                                    ? "\\u%04x".formatted(c)
                                                    : Character.toString(c);
                                })
                .collect(Collectors.joining("", "\"", "\""));
    }

    private String newArray(ClassDesc element, Expression length) {
        ClassDesc innermost = element;
        StringBuilder dimensions = new StringBuilder();
        while (innermost.isArray()) {
            innermost = innermost.componentType();
            dimensions.append("[]");
        }
        return "new " + names.type(innermost) + "[" + print(length) + "]" + dimensions;
    }

    private String call(Call call) {
        MethodRef method = call.method();
        List<Expression> operands = call.operands();
        return switch (method.kind()) {
            case STATIC, INTERFACE_STATIC -> names.staticMethod(method) + arguments(operands);
            case VIRTUAL, INTERFACE ->
                    primary(operands.getFirst())
                            + "."
                            + method.name()
                            + arguments(operands.subList(1, operands.size()));
            case SPECIAL -> {
                String target = names.isOwner(method.owner()) ? "this" : "super";
                String name = method.isConstructor() ? target : target + "." + method.name();
                yield name + arguments(operands.subList(1, operands.size()));
            }
            case CONSTRUCTOR -> "new " + names.type(method.owner()) + arguments(operands);
        };
    }

    private String arguments(List<Expression> arguments) {
        return arguments.stream().map(this::print).collect(Collectors.joining(", ", "(", ")"));
    }
}
