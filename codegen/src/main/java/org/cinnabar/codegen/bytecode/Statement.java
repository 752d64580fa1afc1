package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.constant.ClassDesc;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A Java statement: checked when it is built, written as Java by {@link #render}. Build it with
 * {@link Statements}. A variable lives from its declaration to the end of the enclosing block, and
 * hides nothing: declaring a name that is in scope is an error when the method is emitted.
 */
public sealed interface Statement {

    /** This statement as Java source, with simple class names; lines end in a line feed. */
    default String render() {
        return new Printer().statement(this);
    }

    /** Whether control can come out at the end, by the rules of Java. */
    default boolean completes() {
        return switch (this) {
            case Return _, Throw _ -> false;
            case Block(var statements) -> statements.isEmpty() || statements.getLast().completes();
            case If(_, Block then, Block otherwise) -> then.completes() || otherwise.completes();
            case While(Expression condition, _) -> !isTrue(condition);
            case Switch(_, var cases, Block otherwise) ->
                    otherwise.completes() || cases.values().stream().anyMatch(Block::completes);
            case Comment _, Declare _, Assign _, Evaluate _, For _ -> true;
        };
    }

    /** {@code // text}; emits nothing. */
    record Comment(String text) implements Statement {
        public Comment {
            if (text.lines().count() > 1) {
                throw new IllegalArgumentException("comment of more than one line: " + text);
            }
        }
    }

    /** {@code type variable = value;}. */
    record Declare(Variable variable, Expression value) implements Statement {
        public Declare {
            Types.requireSame(variable.name(), value, variable.type());
        }
    }

    /**
     * {@code place = value;}, which for a constant step of an {@code int} variable is one {@code
     * iinc}.
     */
    record Assign(Expression.Place place, Expression value) implements Statement {
        public Assign {
            if (place instanceof Variable(String name, ClassDesc type)) {
                Types.requireSame(name, value, type);
            } else {
                Types.requireConforms(place.render(), value, place.type());
            }
        }
    }

    /** {@code call;}, dropping the result. */
    record Evaluate(Expression.Call call) implements Statement {}

    /** Statements in a scope of their own; rejects one that cannot be reached. */
    record Block(List<Statement> statements) implements Statement {
        public Block {
            statements = List.copyOf(statements);
            for (int i = 1; i < statements.size(); i++) {
                if (!statements.get(i - 1).completes()) {
                    throw new IllegalArgumentException(
                            "unreachable: %safter %s"
                                    .formatted(
                                            statements.get(i).render(),
                                            statements.get(i - 1).render().strip()));
                }
            }
        }
    }

    /** {@code if (condition) then else otherwise}; an empty {@code otherwise} stands for none. */
    record If(Expression condition, Block then, Block otherwise) implements Statement {
        public If {
            Types.requireType("condition", condition, CD_boolean);
        }
    }

    /**
     * {@code for (int index = from; index < limit; index += step)}, the limit evaluated every time.
     */
    record For(Variable index, Expression from, Expression limit, int step, Block body)
            implements Statement {
        public For {
            if (!index.type().equals(CD_int)) {
                throw new IllegalArgumentException(
                        "loop index %s is %s, not int"
                                .formatted(index.name(), Types.name(index.type())));
            }
            Types.requireType("start of " + index.name(), from, CD_int);
            Types.requireType("limit of " + index.name(), limit, CD_int);
            if (step <= 0) {
                throw new IllegalArgumentException(
                        "step of %s is %d".formatted(index.name(), step));
            }
        }
    }

    /** {@code while (condition) body}. */
    record While(Expression condition, Block body) implements Statement {
        public While {
            Types.requireType("condition", condition, CD_boolean);
        }
    }

    /** {@code switch (selector)} with arrow cases, in order of their labels, and a default. */
    record Switch(Expression selector, SortedMap<Integer, Block> cases, Block otherwise)
            implements Statement {
        public Switch {
            Types.requireType("selector", selector, CD_int);
            cases = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(cases)));
        }
    }

    /** {@code return value;}, or {@code return;} without one. */
    record Return(@Nullable Expression value) implements Statement {}

    /** {@code throw exception;}. */
    record Throw(Expression exception) implements Statement {
        public Throw {
            if (!Types.isReference(exception.type())) {
                throw new IllegalArgumentException(
                        "cannot throw %s, a %s"
                                .formatted(exception.render(), Types.name(exception.type())));
            }
        }
    }

    private static boolean isTrue(Expression condition) {
        return condition instanceof Expression.Constant(Boolean value, _) && value;
    }
}
