package org.cinnabar.codegen.bytecode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cinnabar.codegen.bytecode.Statement.Block;

/** Factories of statements, made to be imported statically. */
public final class Statements {
    private static final Block NOTHING = new Block(List.of());

    private Statements() {}

    public static Statement comment(String text) {
        return new Statement.Comment(text);
    }

    public static Statement declare(Variable variable, Expression value) {
        return new Statement.Declare(variable, value);
    }

    public static Statement assign(Expression.Place place, Expression value) {
        return new Statement.Assign(place, value);
    }

    /** The call for its effect. */
    public static Statement evaluate(Expression.Call call) {
        return new Statement.Evaluate(call);
    }

    public static Block block(Statement... statements) {
        return new Block(List.of(statements));
    }

    public static Block block(List<? extends Statement> statements) {
        return new Block(List.copyOf(statements));
    }

    /** The block opened by a comment. */
    public static Block block(String comment, List<? extends Statement> statements) {
        List<Statement> commented = new ArrayList<>();
        commented.add(comment(comment));
        commented.addAll(statements);
        return new Block(commented);
    }

    public static Statement ifThen(Expression condition, Block then) {
        return new Statement.If(condition, then, NOTHING);
    }

    public static Statement ifThenElse(Expression condition, Block then, Block otherwise) {
        return new Statement.If(condition, then, otherwise);
    }

    /** Counts {@code index} from {@code from} while it is below {@code limit}. */
    public static Statement forLoop(
            Variable index, Expression from, Expression limit, int step, Block body) {
        return new Statement.For(index, from, limit, step, body);
    }

    public static Statement whileLoop(Expression condition, Block body) {
        return new Statement.While(condition, body);
    }

    public static Statement switchOn(
            Expression selector, Map<Integer, Block> cases, Block otherwise) {
        return new Statement.Switch(selector, new TreeMap<>(cases), otherwise);
    }

    public static Statement returnVoid() {
        return new Statement.Return(null);
    }

    public static Statement returnValue(Expression value) {
        return new Statement.Return(value);
    }

    public static Statement throwValue(Expression exception) {
        return new Statement.Throw(exception);
    }
}
