package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import org.cinnabar.codegen.bytecode.Expression.Binary;
import org.cinnabar.codegen.bytecode.Expression.Binary.Operator;
import org.cinnabar.codegen.bytecode.Expression.Constant;
import org.cinnabar.codegen.bytecode.Statement.Assign;
import org.cinnabar.codegen.bytecode.Statement.Block;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.InstructionAdapter;

/** Emits the body of one method: statements to instructions, variables to slots. */
final class MethodEmitter {
    private final InstructionAdapter code;
    private final String where;
    private final MethodModel method;
    private final Map<Statement, Integer> lines;
    private final Locals locals;
    private final ExpressionEmitter expressions;

    /**
     * {@code where} names the method in errors; {@code lines} tells by identity where statements
     * are rendered.
     */
    MethodEmitter(
            MethodVisitor visitor,
            String where,
            MethodModel method,
            Map<Statement, Integer> lines) {
        this.code = new InstructionAdapter(visitor);
        this.where = where;
        this.method = method;
        this.lines = lines;
        this.locals = new Locals(where);
        this.expressions = new ExpressionEmitter(code, locals, where);
    }

    /** Emits the method of {@code owner} and tells the number of bytes its instructions take. */
    int emit(ClassDesc owner) {
        code.visitCode();
        Label start = new Label();
        code.mark(start);
        if (!method.isStatic()) {
            locals.declare(Expressions.self(owner), start);
        }
        method.parameters().forEach(parameter -> locals.declare(parameter, start));
        emit(method.body());
        if (method.body().completes()) {
            code.areturn(Type.VOID_TYPE);
        }
        Label end = new Label();
        code.mark(end);
        locals.leave(0, end);
        locals.describe(code);
        code.visitMaxs(0, 0);
        code.visitEnd();
        return end.getOffset();
    }

    private void emit(Statement statement) {
        markLine(statement);
        switch (statement) {
            case Statement.Comment _ -> {}
            case Statement.Declare(Variable variable, Expression value) -> declare(variable, value);
            case Assign assign -> emit(assign);
            case Statement.Evaluate(Expression.Call call) -> evaluate(call);
            case Block block -> emit(block);
            case Statement.If branches -> emit(branches);
            case Statement.For loop -> emit(loop);
            case Statement.While(Expression condition, Block body) ->
                    repeatWhile(condition, body, null);
            case Statement.Switch(var selector, var cases, var otherwise) ->
                    emit(selector, cases, otherwise);
            case Statement.Return(var value) -> emitReturn(value);
            case Statement.Throw(Expression exception) -> {
                expressions.push(exception);
                code.athrow();
            }
        }
    }

    private void markLine(Statement statement) {
        Integer line = lines.get(statement);
        if (line != null) {
            Label here = new Label();
            code.mark(here);
            code.visitLineNumber(line, here);
        }
    }

    private void emit(Block block) {
        int depth = locals.depth();
        block.statements().forEach(this::emit);
        leave(depth);
    }

    private void leave(int depth) {
        Label end = new Label();
        code.mark(end);
        locals.leave(depth, end);
    }

    private void declare(Variable variable, Expression value) {
        expressions.push(value);
        Label start = new Label();
        code.store(locals.declare(variable, start), Types.asm(variable.type()));
        code.mark(start);
    }

    private void emit(Assign assign) {
        Expression value = assign.value();
        Type type = Types.asm(assign.place().type());
        switch (assign.place()) {
            case Variable variable -> {
                Integer step = step(assign);
                if (step != null) {
                    code.iinc(locals.slot(variable), step);
                } else {
                    expressions.push(value);
                    code.store(locals.slot(variable), type);
                }
            }
            case Expression.Element(var array, var index) -> {
                expressions.push(array);
                expressions.push(index);
                expressions.push(value);
                code.astore(type);
            }
            case Expression.StaticField(FieldRef field) -> {
                expressions.push(value);
                code.putstatic(
                        Types.internalName(field.owner()), field.name(), type.getDescriptor());
            }
            case Expression.InstanceField(var receiver, FieldRef field) -> {
                expressions.push(receiver);
                expressions.push(value);
                code.putfield(
                        Types.internalName(field.owner()), field.name(), type.getDescriptor());
            }
        }
    }

    /**
     * The step of {@code v = v + step} and {@code v = v - step} that {@code iinc} can take, or
     * null.
     */
    static @Nullable Integer step(Assign assign) {
        if (!assign.place().type().equals(ConstantDescs.CD_int)
                || !(assign.place() instanceof Variable variable)
                || !(assign.value() instanceof Binary(Operator operator, var left, var right))
                || !left.equals(variable)
                || !(right instanceof Constant(Integer distance, _))) {
            return null;
        }
        int step =
                switch (operator) {
                    case ADD -> distance;
                    case SUB -> -distance;
                    case MUL, DIV, REM, SHL, SHR, USHR, AND, XOR, OR -> 0;
                };
        return step != 0 && step == (short) step ? step : null;
    }

    private void evaluate(Expression.Call call) {
        expressions.push(call);
        switch (Types.slots(call.type())) {
            case 1 -> code.pop();
            case 2 -> code.pop2();
            default -> {}
        }
    }

    private void emit(Statement.If branches) {
        Block otherwise = branches.otherwise();
        Label isFalse = new Label();
        expressions.branch(branches.condition(), false, isFalse);
        emit(branches.then());
        if (otherwise.statements().isEmpty()) {
            code.mark(isFalse);
            return;
        }
        Label end = new Label();
        if (branches.then().completes()) {
            code.goTo(end);
        }
        code.mark(isFalse);
        emit(otherwise);
        code.mark(end);
    }

    private void emit(Statement.For loop) {
        int depth = locals.depth();
        Variable index = loop.index();
        declare(index, loop.from());
        Expression next = Expressions.add(index, Expressions.constant(loop.step()));
        repeatWhile(Expressions.lt(index, loop.limit()), loop.body(), new Assign(index, next));
        leave(depth);
    }

    /** The loop of javac: test at the head, jump back at the foot. */
    private void repeatWhile(Expression condition, Block body, @Nullable Assign update) {
        Label head = new Label();
        Label end = new Label();
        code.mark(head);
        expressions.branch(condition, false, end);
        emit(body);
        if (body.completes()) {
            if (update != null) {
                emit(update);
            }
            code.goTo(head);
        }
        code.mark(end);
    }

    private void emit(Expression selector, SortedMap<Integer, Block> cases, Block otherwise) {
        Label[] labels = cases.keySet().stream().map(_ -> new Label()).toArray(Label[]::new);
        int[] keys = cases.keySet().stream().mapToInt(Integer::intValue).toArray();
        Label fallback = new Label();
        Label end = new Label();
        expressions.push(selector);
        if (isDense(keys)) {
            int first = keys[0];
            Label[] table = new Label[keys[keys.length - 1] - first + 1];
            Arrays.fill(table, fallback);
            for (int i = 0; i < keys.length; i++) {
                table[keys[i] - first] = labels[i];
            }
            code.tableswitch(first, keys[keys.length - 1], fallback, table);
        } else {
            code.lookupswitch(fallback, keys, labels);
        }
        int next = 0;
        for (Block body : cases.values()) {
            code.mark(labels[next++]);
            emit(body);
            if (body.completes()) {
                code.goTo(end);
            }
        }
        code.mark(fallback);
        emit(otherwise);
        code.mark(end);
    }

    /**
     * Whether a table is no worse than a search, by the weights of space and time that javac uses.
     */
    private static boolean isDense(int[] sortedKeys) {
        if (sortedKeys.length == 0) {
            return false;
        }
        long span = (long) sortedKeys[sortedKeys.length - 1] - sortedKeys[0] + 1;
        long tableCost = 4 + span + 3 * 3;
        long searchCost = 3 + 2L * sortedKeys.length + 3L * sortedKeys.length;
        return tableCost <= searchCost;
    }

    private void emitReturn(@Nullable Expression value) {
        ClassDesc returns = method.returns();
        boolean isVoid = returns.equals(ConstantDescs.CD_void);
        if (isVoid != (value == null)) {
            throw new IllegalStateException(
                    "%s is declared %s but returns %s"
                            .formatted(
                                    where,
                                    Types.name(returns),
                                    value == null ? "nothing" : value.render()));
        }
        if (value != null) {
            Types.requireConforms("result of " + where, value, returns);
            expressions.push(value);
        }
        code.areturn(Types.asm(returns));
    }
}
