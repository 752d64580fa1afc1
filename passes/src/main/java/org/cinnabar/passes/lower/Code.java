package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/** Short forms of loop-IR statements. */
final class Code {
    private Code() {}

    static Stmt loop(String name, Index from, Index to, int step, Stmt body) {
        return new Stmt.For(name, from, to, step, body);
    }

    static Stmt loop(String name, Index to, Stmt body) {
        return loop(name, Index.of(0), to, 1, body);
    }

    static Stmt block(List<Stmt> body) {
        return body.size() == 1 ? body.getFirst() : new Stmt.Block(body);
    }

    static Stmt block(Stmt... body) {
        return block(List.of(body));
    }

    /** Code for {@code vectors} neighbouring vectors of {@code lanes} that begin at a variable. */
    @FunctionalInterface
    interface Vectors {
        Stmt at(String variable, int lanes, int vectors);
    }

    /** Vectors side by side: enough to hide the latency of one. */
    private static final int MANY = 4;

    /**
     * Declares {@code sums}, at least one, that begin at zero: a constant of their own each would
     * cost the JIT as much as an operation.
     */
    static List<Stmt> zeros(List<Value.Local> sums) {
        int lanes = sums.getFirst().lanes();
        Value.Local zero = new Value.Local("zero", lanes);
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Let(zero, new Value.Const(0, lanes)));
        sums.forEach(sum -> body.add(new Stmt.Let(sum, zero)));
        return body;
    }

    /** {@code a - b}. */
    static Index minus(Index a, Index b) {
        return a.plus(b.times(-1));
    }

    /**
     * {@code n} numbers in whole vectors and then one by one; {@code body} gives the loop's body
     * for its variable and lanes.
     */
    static List<Stmt> vectorsThenRest(Index n, int lanes, BiFunction<String, Integer, Stmt> body) {
        return vectorsThenRest(Index.of(0), n, lanes, body);
    }

    /**
     * What divides {@code length}: the numbers of several vectors, of one, or 1. A loop in such
     * steps leaves no rest.
     */
    static int divisor(int length, int lanes) {
        return IntStream.of(MANY * lanes, lanes)
                .filter(step -> length % step == 0)
                .findFirst()
                .orElse(1);
    }

    /**
     * {@code n} numbers in several vectors side by side, then in single ones, then one by one, as
     * far as multiples of {@code divisor} need it: what never runs would take the JIT as long.
     */
    static List<Stmt> manyVectorsThenRest(Index n, int divisor, int lanes, Vectors body) {
        int many = MANY * lanes;
        if (divisor == many) {
            return List.of(loop("many", Index.of(0), n, many, body.at("many", lanes, MANY)));
        }
        Index most = Index.var("most");
        List<Stmt> loops = new ArrayList<>();
        loops.add(new Stmt.Bind("most", n.dividedBy(many).times(many)));
        loops.add(loop("many", Index.of(0), most, many, body.at("many", lanes, MANY)));
        if (divisor == lanes) {
            loops.add(loop("vector", most, n, lanes, body.at("vector", lanes, 1)));
        } else {
            loops.addAll(vectorsThenRest(most, n, lanes, (at, width) -> body.at(at, width, 1)));
        }
        return loops;
    }

    /** The numbers from {@code from}, a multiple of {@code lanes}, to {@code n} in the same way. */
    static List<Stmt> vectorsThenRest(
            Index from, Index n, int lanes, BiFunction<String, Integer, Stmt> body) {
        if (lanes == 1) {
            return List.of(loop("one", from, n, 1, body.apply("one", 1)));
        }
        Index end = Index.var("end");
        return List.of(
                new Stmt.Bind("end", n.dividedBy(lanes).times(lanes)),
                loop("vector", from, end, lanes, body.apply("vector", lanes)),
                loop("one", end, n, 1, body.apply("one", 1)));
    }

    /** Does the tasks of {@code kernel} in [from, to), in the caller's own memory. */
    static Stmt call(Kernel kernel, Index from, Index to) {
        return new Stmt.Call(kernel.driver(), List.of(from, to, Index.var("own")));
    }
}
