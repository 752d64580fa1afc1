package org.cinnabar.codegen.emit;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.cinnabar.codegen.bytecode.Expressions.add;
import static org.cinnabar.codegen.bytecode.Expressions.call;
import static org.cinnabar.codegen.bytecode.Expressions.cast;
import static org.cinnabar.codegen.bytecode.Expressions.constant;
import static org.cinnabar.codegen.bytecode.Expressions.div;
import static org.cinnabar.codegen.bytecode.Expressions.element;
import static org.cinnabar.codegen.bytecode.Expressions.mul;
import static org.cinnabar.codegen.bytecode.Expressions.rem;

import java.lang.constant.ClassDesc;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.cinnabar.codegen.bytecode.Expression;
import org.cinnabar.codegen.bytecode.MethodModel;
import org.cinnabar.codegen.bytecode.MethodRef;
import org.cinnabar.codegen.bytecode.Statement;
import org.cinnabar.codegen.bytecode.Statements;
import org.cinnabar.codegen.bytecode.Variable;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * Loop-IR functions as static methods of one class: {@code name(float[] arena, float[] weights,
 * int...)}.
 */
final class FunctionEmitter {
    static final Variable ARENA = new Variable("arena", CD_float.arrayType());
    static final Variable WEIGHTS = new Variable("weights", CD_float.arrayType());

    private static final MethodRef MIN = MethodRef.of(Math.class, "min", int.class, int.class);
    private static final MethodRef MAX = MethodRef.of(Math.class, "max", int.class, int.class);

    private static final MethodRef LOAD_FENCE = MethodRef.of(VarHandle.class, "loadLoadFence");

    private static final MethodRef REQUIRE_NON_NULL =
            MethodRef.of(Objects.class, "requireNonNull", Object.class);

    private final ClassDesc owner;
    private final Arithmetic scalars = new Scalars();
    private final Arithmetic vectors;
    private final Set<Value.Local> bits;

    /**
     * Emits into {@code owner}, a subclass of {@code program}, vectors of {@code lanes} lanes; 1
     * lane makes code without the Vector API.
     */
    FunctionEmitter(ClassDesc owner, ClassDesc program, int lanes) {
        this.owner = owner;
        this.vectors = lanes == 1 ? scalars : new Vectors(lanes, program);
        this.bits = Set.of();
    }

    /** Emits a function in which {@code bits} are kept as integers. */
    private FunctionEmitter(FunctionEmitter other, Set<Value.Local> bits) {
        this.owner = other.owner;
        this.vectors = other.vectors;
        this.bits = bits;
    }

    /**
     * The method of {@code function}. Ahead-of-time compilers leave a loop's checks in it, but
     * those whose outcome is known before: that the arrays are there, and how long they are.
     */
    MethodModel method(Function function) {
        List<Statement> body = new ArrayList<>();
        if (loops(function.body())) {
            body.add(Statements.evaluate(call(REQUIRE_NON_NULL, ARENA)));
            body.add(Statements.evaluate(call(REQUIRE_NON_NULL, WEIGHTS)));
        }
        FunctionEmitter emitter = new FunctionEmitter(this, BitLocals.of(function.body()));
        body.addAll(emitter.block(function.body()).statements());
        return MethodModel.of(
                Modifier.STATIC,
                CD_void,
                function.name(),
                parameters(function),
                Statements.block(body));
    }

    MethodRef reference(Function function) {
        ClassDesc[] types =
                parameters(function).stream().map(Variable::type).toArray(ClassDesc[]::new);
        return MethodRef.ofStatic(owner, function.name(), CD_void, types);
    }

    private static boolean loops(Stmt stmt) {
        return switch (stmt) {
            case Stmt.For _ -> true;
            case Stmt.Block(List<Stmt> body) -> body.stream().anyMatch(FunctionEmitter::loops);
            default -> false;
        };
    }

    private static List<Variable> parameters(Function function) {
        List<Variable> parameters = new ArrayList<>(List.of(ARENA, WEIGHTS));
        function.parameters().forEach(name -> parameters.add(number(name)));
        return parameters;
    }

    private static Variable number(String name) {
        return new Variable(name, CD_int);
    }

    private static Variable array(Memory memory) {
        return switch (memory) {
            case ARENA -> ARENA;
            case WEIGHTS -> WEIGHTS;
        };
    }

    private Statement.Block block(Stmt stmt) {
        if (stmt instanceof Stmt.Block(List<Stmt> body)) {
            return Statements.block(body.stream().map(this::statement).toList());
        }
        return Statements.block(statement(stmt));
    }

    private Statement statement(Stmt stmt) {
        return switch (stmt) {
            case Stmt.Block block -> block(block);
            case Stmt.For(String name, Index from, Index to, int step, Stmt body) ->
                    Statements.forLoop(number(name), index(from), index(to), step, block(body));
            case Stmt.Bind(String name, Index index) ->
                    Statements.declare(number(name), index(index));
            case Stmt.Let(Value.Local local, Value value) ->
                    Statements.declare(variable(local), assigned(local, value));
            case Stmt.Set(Value.Local local, Value value) ->
                    Statements.assign(variable(local), assigned(local, value));
            case Stmt.Store(Index index, Value value) ->
                    arithmetic(value).store(ARENA, index(index), value(value));
            case Stmt.Prefetch(Memory memory, Index index) ->
                    vectors.prefetch(array(memory), index(index));
            case Stmt.LoadFence() -> Statements.evaluate(call(LOAD_FENCE));
            case Stmt.Call(Function function, List<Index> arguments) -> {
                List<Expression> operands = new ArrayList<>(List.of(ARENA, WEIGHTS));
                arguments.forEach(argument -> operands.add(index(argument)));
                yield Statements.evaluate(
                        call(reference(function), operands.toArray(Expression[]::new)));
            }
        };
    }

    private Variable variable(Value.Local local) {
        Arithmetic arithmetic = arithmetic(local);
        return new Variable(
                local.name(), bits.contains(local) ? arithmetic.bitsType() : arithmetic.type());
    }

    private Expression assigned(Value.Local local, Value value) {
        return bits.contains(local) ? arithmetic(local).bits(value(value)) : value(value);
    }

    private Arithmetic arithmetic(Value value) {
        return value.lanes() == 1 ? scalars : vectors;
    }

    private Expression index(Index index) {
        return switch (index) {
            case Index.Const(int value) -> constant(value);
            case Index.Var(String name) -> number(name);
            case Index.Add(Index a, Index b) -> add(index(a), index(b));
            case Index.Mul(Index a, Index b) -> mul(index(a), index(b));
            case Index.Div(Index a, int divisor) -> div(index(a), constant(divisor));
            case Index.Rem(Index a, int divisor) -> rem(index(a), constant(divisor));
            case Index.Min(Index a, Index b) -> call(MIN, index(a), index(b));
            case Index.Max(Index a, Index b) -> call(MAX, index(a), index(b));
            case Index.Table(Index at) -> cast(element(WEIGHTS, index(at)), CD_int);
        };
    }

    private Expression value(Value value) {
        Arithmetic arithmetic = arithmetic(value);
        return switch (value) {
            case Value.Const(float number, _) -> arithmetic.constant(number);
            case Value.Local local -> variable(local);
            case Value.Load(Memory memory, Index index, _) ->
                    arithmetic.load(array(memory), index(index));
            case Value.Splat(Value a, _) -> arithmetic.splat(value(a));
            case Value.Number(Index index) -> cast(index(index), CD_float);
            case Value.Unary(Value.UnaryFunction f, Value a) -> arithmetic.unary(f, value(a));
            case Value.Binary(Value.BinaryFunction f, Value a, Value b) ->
                    arithmetic.binary(f, value(a), value(b));
            case Value.Fma(Value a, Value b, Value c) ->
                    arithmetic.fma(value(a), value(b), value(c));
            case Value.Choose(Value.Comparison compare, Value a, Value b, Value yes, Value no) ->
                    arithmetic.choose(compare, value(a), value(b), value(yes), value(no));
            case Value.Fold(Value.BinaryFunction f, Value.Local a) ->
                    arithmetic(a).fold(f, variable(a));
        };
    }
}
