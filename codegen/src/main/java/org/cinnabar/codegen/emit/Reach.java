package org.cinnabar.codegen.emit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * How far into its arrays a function reads and writes, by interval arithmetic over its loops: every
 * variable is somewhere between two numbers, and an index is taken at its largest.
 */
final class Reach {
    private record Interval(long low, long high) {
        static Interval of(long value) {
            return new Interval(value, value);
        }
    }

    private final Map<String, Interval> known = new HashMap<>();
    private long length;

    private Reach() {}

    /**
     * The length that both arrays need if {@code function} is called with {@code arguments}, by
     * parameter.
     */
    static long of(Function function, Map<String, Integer> arguments) {
        Reach reach = new Reach();
        arguments.forEach((name, value) -> reach.known.put(name, Interval.of(value)));
        reach.visit(function.body());
        return reach.length;
    }

    private void visit(Stmt stmt) {
        switch (stmt) {
            case Stmt.Block(List<Stmt> body) -> body.forEach(this::visit);
            case Stmt.For(String name, Index from, Index to, _, Stmt body) -> {
                Interval first = interval(from);
                long last = interval(to).high() - 1;
                if (last >= first.low()) {
                    known.put(name, new Interval(first.low(), last));
                    visit(body);
                }
            }
            case Stmt.Bind(String name, Index index) -> known.put(name, interval(index));
            case Stmt.Let(_, Value value) -> visit(value);
            case Stmt.Set(_, Value value) -> visit(value);
            case Stmt.Store(Index index, Value value) -> {
                access(index, value.lanes());
                visit(value);
            }
            case Stmt.Prefetch(_, Index index) -> access(index, Stmt.Prefetch.NUMBERS);
            case Stmt.LoadFence() -> {}
            case Stmt.Call(Function callee, List<Index> arguments) -> {
                Reach inner = new Reach();
                for (int i = 0; i < arguments.size(); i++) {
                    inner.known.put(callee.parameters().get(i), interval(arguments.get(i)));
                }
                inner.visit(callee.body());
                length = Math.max(length, inner.length);
            }
        }
    }

    private void visit(Value value) {
        if (value instanceof Value.Load(_, Index index, int lanes)) {
            access(index, lanes);
        }
        value.operands().forEach(this::visit);
    }

    private void access(Index index, int lanes) {
        length = Math.max(length, interval(index).high() + lanes);
    }

    private Interval interval(Index index) {
        return switch (index) {
            case Index.Const(int value) -> Interval.of(value);
            case Index.Var(String name) -> {
                Interval interval = known.get(name);
                if (interval == null) {
                    throw new IllegalArgumentException("nothing is known about " + name);
                }
                yield interval;
            }
            case Index.Add(Index a, Index b) -> {
                Interval x = interval(a);
                Interval y = interval(b);
                yield new Interval(x.low() + y.low(), x.high() + y.high());
            }
            case Index.Mul(Index a, Index b) -> product(interval(a), interval(b));
            case Index.Div(Index a, int divisor) -> {
                Interval x = interval(a);
                yield new Interval(x.low() / divisor, x.high() / divisor);
            }
            case Index.Rem(Index a, int divisor) ->
                    new Interval(0, Math.min(interval(a).high(), divisor - 1L));
            case Index.Min(Index a, Index b) -> {
                Interval x = interval(a);
                Interval y = interval(b);
                yield new Interval(Math.min(x.low(), y.low()), Math.min(x.high(), y.high()));
            }
            case Index.Max(Index a, Index b) -> {
                Interval x = interval(a);
                Interval y = interval(b);
                yield new Interval(Math.max(x.low(), y.low()), Math.max(x.high(), y.high()));
            }
            case Index.Table _ -> Interval.of(0);
        };
    }

    private static Interval product(Interval x, Interval y) {
        long a = x.low() * y.low();
        long b = x.low() * y.high();
        long c = x.high() * y.low();
        long d = x.high() * y.high();
        return new Interval(
                Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d)));
    }
}
