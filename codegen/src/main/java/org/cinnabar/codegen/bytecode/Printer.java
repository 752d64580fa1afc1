package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cinnabar.codegen.bytecode.Statement.Block;
import org.jspecify.annotations.Nullable;

/**
 * Writes statements and classes as Java, remembering the line of each statement that does
 * something.
 */
final class Printer {
    private static final String INDENT = "    ";

    /** The source of a class, and the lines, counted from one, of its statements by identity. */
    record Source(String text, Map<Statement, Integer> lines) {}

    private final Names names;
    private final ExpressionPrinter expressions;
    private final List<String> lines = new ArrayList<>();
    private final Map<Statement, Integer> lineOf = new IdentityHashMap<>();
    private int depth;

    Printer() {
        this(null);
    }

    /** A printer of what stands within {@code owner}. */
    Printer(@Nullable ClassDesc owner) {
        this.names = new Names(owner);
        this.expressions = new ExpressionPrinter(names);
    }

    String expression(Expression expression) {
        return expressions.print(expression);
    }

    String statement(Statement statement) {
        print(statement);
        return text(lines);
    }

    Source source(ClassModel model) {
        print(model);
        List<String> header = new ArrayList<>();
        if (!model.name().packageName().isEmpty()) {
            header.add("package " + model.name().packageName() + ";");
            header.add("");
        }
        List<String> imports = names.imports();
        header.addAll(imports);
        if (!imports.isEmpty()) {
            header.add("");
        }
        lineOf.replaceAll((_, line) -> line + header.size());
        header.addAll(lines);
        return new Source(text(header), lineOf);
    }

    private static String text(List<String> lines) {
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void print(ClassModel model) {
        StringBuilder head =
                new StringBuilder(modifiers(model.modifiers() & ~Modifier.SYNCHRONIZED));
        head.append("class ").append(names.type(model.name()));
        if (!model.superclass().equals(CD_Object)) {
            head.append(" extends ").append(names.type(model.superclass()));
        }
        if (!model.interfaces().isEmpty()) {
            head.append(
                    model.interfaces().stream()
                            .map(names::type)
                            .collect(Collectors.joining(", ", " implements ", "")));
        }
        open(head.toString());
        model.fields().forEach(this::print);
        boolean first = model.fields().isEmpty();
        if (!model.initializer().statements().isEmpty()) {
            separate(first);
            first = false;
            names.enterMethod();
            open("static");
            print(model.initializer().statements());
            close();
        }
        for (MethodModel method : model.methods()) {
            separate(first);
            first = false;
            print(model, method);
        }
        close();
    }

    private void separate(boolean first) {
        if (!first) {
            lines.add("");
        }
    }

    private void print(FieldModel field) {
        String declaration =
                modifiers(field.modifiers()) + names.type(field.type()) + " " + field.name();
        Expression initial = field.initial();
        line(initial == null ? declaration + ";" : declaration + " = " + expression(initial) + ";");
    }

    private void print(ClassModel model, MethodModel method) {
        names.enterMethod();
        String parameters =
                method.parameters().stream()
                        .map(names::declare)
                        .collect(Collectors.joining(", ", "(", ")"));
        String signature =
                method.isConstructor()
                        ? names.type(model.name())
                        : names.type(method.returns()) + " " + method.name();
        open(modifiers(method.modifiers()) + signature + parameters);
        print(method.body().statements());
        close();
    }

    private void print(List<Statement> statements) {
        statements.forEach(this::print);
    }

    private void print(Statement statement) {
        if (!(statement instanceof Block || statement instanceof Statement.Comment)) {
            lineOf.put(statement, lines.size() + 1);
        }
        switch (statement) {
            case Statement.Comment(String text) -> line("// " + text);
            case Statement.Declare(Variable variable, Expression value) ->
                    line(names.declare(variable) + " = " + expression(value) + ";");
            case Statement.Assign assign -> line(assignment(assign) + ";");
            case Statement.Evaluate(Expression.Call call) -> line(expression(call) + ";");
            case Block(var statements) -> {
                line("{");
                depth++;
                print(statements);
                close();
            }
            case Statement.If branches -> print(branches);
            case Statement.For(var index, var from, var limit, int step, Block body) -> {
                open(
                        "for (%s = %s; %s; %s)"
                                .formatted(
                                        names.declare(index),
                                        expression(from),
                                        expression(Expressions.lt(index, limit)),
                                        increment(index, step)));
                print(body.statements());
                close();
            }
            case Statement.While(Expression condition, Block body) -> {
                open("while (" + expression(condition) + ")");
                print(body.statements());
                close();
            }
            case Statement.Switch choice -> print(choice);
            case Statement.Return(var value) ->
                    line(value == null ? "return;" : "return " + expression(value) + ";");
            case Statement.Throw(Expression exception) ->
                    line("throw " + expression(exception) + ";");
        }
    }

    private String assignment(Statement.Assign assign) {
        Integer step = MethodEmitter.step(assign);
        return step == null
                ? expression(assign.place()) + " = " + expression(assign.value())
                : increment(assign.place(), step);
    }

    private String increment(Expression place, int step) {
        String name = expression(place);
        return switch (step) {
            case 1 -> name + "++";
            case -1 -> name + "--";
            default -> step < 0 ? name + " -= " + -step : name + " += " + step;
        };
    }

    private void print(Statement.If branches) {
        open("if (" + expression(branches.condition()) + ")");
        print(branches.then().statements());
        if (!branches.otherwise().statements().isEmpty()) {
            depth--;
            open("} else");
            print(branches.otherwise().statements());
        }
        close();
    }

    private void print(Statement.Switch choice) {
        open("switch (" + expression(choice.selector()) + ")");
        choice.cases()
                .forEach(
                        (label, body) -> {
                            open("case " + label + " ->");
                            print(body.statements());
                            close();
                        });
        open("default ->");
        print(choice.otherwise().statements());
        close();
        close();
    }

    private void open(String head) {
        line(head + " {");
        depth++;
    }

    private void close() {
        depth--;
        line("}");
    }

    private void line(String text) {
        lines.add(INDENT.repeat(depth) + text);
    }

    private static String modifiers(int modifiers) {
        String text = Modifier.toString(modifiers);
        return text.isEmpty() ? "" : text + " ";
    }
}
