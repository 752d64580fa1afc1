package org.cinnabar.codegen.emit;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.cinnabar.codegen.bytecode.Expressions.call;
import static org.cinnabar.codegen.bytecode.Expressions.constant;
import static org.cinnabar.codegen.bytecode.Expressions.self;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.bytecode.Expression;
import org.cinnabar.codegen.bytecode.MethodModel;
import org.cinnabar.codegen.bytecode.MethodRef;
import org.cinnabar.codegen.bytecode.Statement.Block;
import org.cinnabar.codegen.bytecode.Statements;
import org.cinnabar.codegen.bytecode.Variable;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;

/**
 * The kernels of one target as a class: a static method for every function, and {@code run} that
 * calls a step's driver.
 */
public final class ProgramEmitter {
    private static final Variable STEP = new Variable("step", CD_int);
    private static final Variable FROM = new Variable(Kernel.RANGE.get(0), CD_int);
    private static final Variable TO = new Variable(Kernel.RANGE.get(1), CD_int);
    private static final Variable OWN = new Variable(Kernel.RANGE.get(2), CD_int);

    /** Threads' own memory is whole cache lines, and some: vectors may reach beyond its end. */
    private static final int LINE = 16;

    private static final int TAIL = 64;

    private ProgramEmitter() {}

    /**
     * The class {@code name}, a subclass of {@code superclass}, which declares {@code int steps()},
     * {@code int tasks(int step)}, {@code int own()}, {@code void run(int step, int from, int to,
     * int own, float[] arena, float[] weights)} and {@code static boolean PREFETCHES}: whether
     * masked stores are instructions where it runs. Its vectors have {@code lanes} lanes; 1 makes
     * code without the Vector API.
     */
    public static ClassModel emit(
            ClassDesc name, ClassDesc superclass, List<Kernel> kernels, int lanes) {
        FunctionEmitter functions = new FunctionEmitter(name, superclass, lanes);
        List<MethodModel> methods = new ArrayList<>();
        methods.add(
                MethodModel.constructor(
                        0,
                        List.of(),
                        Statements.block(
                                Statements.evaluate(
                                        call(
                                                MethodRef.ofSuperConstructor(superclass),
                                                self(name))))));
        methods.add(number("steps", kernels.size()));
        int own = kernels.stream().mapToInt(Kernel::own).max().orElse(0);
        methods.add(number("own", own == 0 ? 0 : Math.ceilDiv(own, LINE) * LINE + TAIL));
        methods.add(tasks(kernels));
        methods.add(run(kernels, functions));
        Set<Function> all = reachable(kernels);
        methods.addAll(touch(all, functions));
        all.forEach(function -> methods.add(functions.method(function)));
        return ClassModel.of(Modifier.FINAL, name, List.of(), methods).withSuperclass(superclass);
    }

    /** {@code touches}, {@code touch} and {@code scratch}: every shared function, small numbers. */
    private static List<MethodModel> touch(Set<Function> all, FunctionEmitter functions) {
        Variable index = new Variable("index", CD_int);
        Variable scratch = new Variable("scratch", CD_float.arrayType());
        Map<Integer, Block> cases = new TreeMap<>();
        long length = 0;
        for (Function function : all) {
            if (!Kernel.doesRange(function)) {
                Map<String, Integer> numbers = new HashMap<>();
                List<Expression> arguments = new ArrayList<>(List.of(scratch, scratch));
                for (String name : function.parameters()) {
                    numbers.put(name, touchingNumber(name));
                    arguments.add(constant(touchingNumber(name)));
                }
                length = Math.max(length, Reach.of(function, numbers));
                Expression.Call call =
                        call(functions.reference(function), arguments.toArray(Expression[]::new));
                cases.put(cases.size(), Statements.block(Statements.evaluate(call)));
            }
        }
        return List.of(
                number("touches", cases.size()),
                number("scratch", Math.toIntExact(length)),
                MethodModel.of(
                                Modifier.PUBLIC,
                                CD_void,
                                "touch",
                                List.of(index, scratch),
                                Statements.block(
                                        Statements.switchOn(index, cases, Statements.block())))
                        .interpretedOk());
    }

    private static MethodModel number(String name, int value) {
        return MethodModel.of(
                Modifier.PUBLIC,
                CD_int,
                name,
                List.of(),
                Statements.block(Statements.returnValue(constant(value))));
    }

    /**
     * Lengths run through four vectors at once, single ones and a rest, and the innermost loop of a
     * sum often enough for the JIT to see that it is one; everything else is small.
     */
    private static int touchingNumber(String parameter) {
        return switch (parameter) {
            case "n" -> 91;
            case "k" -> 16;
            case "count" -> 4;
            default -> 2;
        };
    }

    /** The drivers and what they call, each once, callers first. */
    private static Set<Function> reachable(List<Kernel> kernels) {
        Set<Function> functions = new LinkedHashSet<>();
        kernels.forEach(kernel -> collect(kernel.driver(), functions));
        return functions;
    }

    private static void collect(Function function, Set<Function> into) {
        if (into.add(function)) {
            collect(function.body(), into);
        }
    }

    private static void collect(Stmt stmt, Set<Function> into) {
        switch (stmt) {
            case Stmt.Block(List<Stmt> body) -> body.forEach(s -> collect(s, into));
            case Stmt.For(_, _, _, _, Stmt body) -> collect(body, into);
            case Stmt.Call(Function callee, _) -> collect(callee, into);
            case Stmt.Bind _,
                    Stmt.Let _,
                    Stmt.Set _,
                    Stmt.Store _,
                    Stmt.Prefetch _,
                    Stmt.LoadFence _ -> {}
        }
    }

    private static MethodModel tasks(List<Kernel> kernels) {
        Map<Integer, Block> cases = new TreeMap<>();
        for (int step = 0; step < kernels.size(); step++) {
            cases.put(
                    step,
                    Statements.block(Statements.returnValue(constant(kernels.get(step).tasks()))));
        }
        Block none = Statements.block(Statements.returnValue(constant(0)));
        return MethodModel.of(
                        Modifier.PUBLIC,
                        CD_int,
                        "tasks",
                        List.of(STEP),
                        Statements.block(Statements.switchOn(STEP, cases, none)))
                .interpretedOk();
    }

    private static MethodModel run(List<Kernel> kernels, FunctionEmitter functions) {
        Map<Integer, Block> cases = new TreeMap<>();
        for (int step = 0; step < kernels.size(); step++) {
            MethodRef driver = functions.reference(kernels.get(step).driver());
            cases.put(
                    step,
                    Statements.block(
                            Statements.evaluate(
                                    call(
                                            driver,
                                            FunctionEmitter.ARENA,
                                            FunctionEmitter.WEIGHTS,
                                            FROM,
                                            TO,
                                            OWN))));
        }
        return MethodModel.of(
                        Modifier.PUBLIC,
                        CD_void,
                        "run",
                        List.of(
                                STEP,
                                FROM,
                                TO,
                                OWN,
                                new Variable("arena", CD_float.arrayType()),
                                new Variable("weights", CD_float.arrayType())),
                        Statements.block(Statements.switchOn(STEP, cases, Statements.block())))
                .interpretedOk();
    }
}
