package org.cinnabar.codegen.bytecode;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.cinnabar.codegen.bytecode.Statement.Block;
import org.jspecify.annotations.Nullable;

/** Writes statements as Java, and classes with the help of JavaPoet. */
final class Printer {
    private static final String INDENT = "    ";

    private final boolean inClass;
    private final Names names;
    private final ExpressionPrinter expressions;
    private final List<String> lines = new ArrayList<>();
    private final List<Statement> marked = new ArrayList<>();
    private String mark = "";
    private int depth;

    Printer() {
        this(null);
    }

    /** A printer of what stands within {@code owner}. */
    Printer(@Nullable ClassDesc owner) {
        this.inClass = owner != null;
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

    private static String text(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /** The source of {@code model}, whose name this printer has. */
    Source source(ClassModel model) {
        TypeSpec.Builder type =
                TypeSpec.classBuilder(Source.name(model.name()))
                        .addModifiers(modifiers(model.modifiers() & ~Modifier.SYNCHRONIZED))
                        .superclass(Source.type(model.superclass()));
        model.interfaces().forEach(name -> type.addSuperinterface(Source.type(name)));
        model.fields().forEach(field -> type.addField(field(field)));
        if (!model.initializer().statements().isEmpty()) {
            names.enterMethod();
            type.addStaticBlock(code(model.initializer()));
        }
        model.methods().forEach(method -> type.addMethod(method(method)));
        JavaFile file =
                JavaFile.builder(model.name().packageName(), type.build())
                        .skipJavaLangImports(true)
                        .indent(INDENT)
                        .build();
        return Source.of(file.toString(), marked);
    }

    private FieldSpec field(FieldModel field) {
        FieldSpec.Builder spec =
                FieldSpec.builder(
                        Source.type(field.type()), field.name(), modifiers(field.modifiers()));
        Expression initial = field.initial();
        if (initial != null) {
            spec.initializer(Source.code(expression(initial)));
        }
        return spec.build();
    }

    private MethodSpec method(MethodModel method) {
        names.enterMethod();
        MethodSpec.Builder spec =
                method.isConstructor()
                        ? MethodSpec.constructorBuilder()
                        : MethodSpec.methodBuilder(method.name())
                                .returns(Source.type(method.returns()));
        spec.addModifiers(modifiers(method.modifiers()));
        for (Variable parameter : method.parameters()) {
            names.declare(parameter);
            spec.addParameter(Source.type(parameter.type()), parameter.name());
        }
        return spec.addCode(code(method.body())).build();
    }

    /** The statements of {@code block}, each marked to be found again. */
    private CodeBlock code(Block block) {
        lines.clear();
        print(block.statements());
        return Source.code(text(lines));
    }

    private void print(List<Statement> statements) {
        statements.forEach(this::print);
    }

    private void print(Statement statement) {
        if (inClass && !(statement instanceof Block || statement instanceof Statement.Comment)) {
            mark = Source.mark(marked.size());
            marked.add(statement);
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
        lines.add(INDENT.repeat(depth) + mark + text);
        mark = "";
    }

    private static javax.lang.model.element.Modifier[] modifiers(int modifiers) {
        String text = Modifier.toString(modifiers).toUpperCase(Locale.ROOT);
        return text.isEmpty()
                ? new javax.lang.model.element.Modifier[0]
                : Arrays.stream(text.split(" "))
                        .map(javax.lang.model.element.Modifier::valueOf)
                        .toArray(javax.lang.model.element.Modifier[]::new);
    }
}
