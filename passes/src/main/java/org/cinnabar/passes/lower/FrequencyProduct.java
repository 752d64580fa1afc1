package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.Value.BinaryFunction;

/**
 * Complex numbers times weights of the same lanes, in place.
 *
 * <p>Parameters: {@code re, im, step} the first number and the distance of numbers; {@code b, db}
 * the same of the weights, whose imaginary parts follow {@link Panels#BLOCK} after the real ones;
 * how many {@code numbers} there are. With {@code re} and {@code im} exchanged, the factors are the
 * conjugates.
 */
record FrequencyProduct(int lanes) {
    private static final List<String> PARAMETERS =
            List.of("re", "im", "step", "b", "db", "numbers");

    Function function(Tiles tiles) {
        return tiles.shared("product", this, name -> new Function(name, PARAMETERS, body()));
    }

    private Stmt body() {
        Index re = Index.var("i").times(Index.var("step")).plus(Index.var("re"));
        Index im = Index.var("i").times(Index.var("step")).plus(Index.var("im"));
        Value.Local x = new Value.Local("x", lanes);
        Value.Local y = new Value.Local("y", lanes);
        Value.Local u = new Value.Local("u", lanes);
        Value.Local v = new Value.Local("v", lanes);
        return loop(
                "i",
                Index.var("numbers"),
                block(
                        new Stmt.Bind(
                                "q", Index.var("i").times(Index.var("db")).plus(Index.var("b"))),
                        new Stmt.Let(x, new Value.Load(Memory.ARENA, re, lanes)),
                        new Stmt.Let(y, new Value.Load(Memory.ARENA, im, lanes)),
                        new Stmt.Let(u, new Value.Load(Memory.WEIGHTS, Index.var("q"), lanes)),
                        new Stmt.Let(
                                v,
                                new Value.Load(
                                        Memory.WEIGHTS, Index.var("q").plus(Panels.BLOCK), lanes)),
                        new Stmt.Store(
                                re, new Value.Binary(BinaryFunction.SUB, times(x, u), times(y, v))),
                        new Stmt.Store(im, new Value.Fma(x, v, times(y, u)))));
    }

    private static Value times(Value a, Value b) {
        return new Value.Binary(BinaryFunction.MUL, a, b);
    }
}
