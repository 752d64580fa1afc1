package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * The register tile of convolution in the frequency domain: the sum over channels of complex
 * products at a frequency and at its opposite, whose weights are the conjugates. {@code height}
 * pairs of tiles × {@code vectors} vectors of output channels × 2 frequencies × 2 parts are
 * accumulators. A product with the conjugate is one with real and imaginary parts exchanged, before
 * and after.
 *
 * <p>Parameters: {@code f} first input number at the frequency, {@code g} at its opposite, {@code
 * d} distance between pairs, {@code im} that of imaginary parts from real ones; {@code b} first
 * weight; {@code of, og, dout, imOut} the same of the outputs; {@code k} channels. Weights are
 * {@link Panels} whose rows in turn hold real and imaginary parts.
 */
record FrequencyTile(int height, int vectors, int lanes, int width) {
    private static final List<String> PARAMETERS =
            List.of("f", "g", "d", "im", "b", "of", "og", "dout", "imOut", "k");

    /** Pairs in a tile for {@code target}. */
    static int height(Target target) {
        return target.lanes() == 1 ? 1 : 2;
    }

    /** Vectors in a tile for {@code target}. */
    static int vectors(Target target) {
        return target.lanes() == 16 || target.lanes() == 4 ? 2 : 1;
    }

    Function function(Tiles tiles) {
        return tiles.shared(
                "frequency_" + height + "x" + vectors,
                this,
                name -> new Function(name, PARAMETERS, body()));
    }

    /** One row of the tile: where its numbers come from and go to. */
    private record Row(Index x, Index y, Index toX, Index toY) {}

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int pair = 0; pair < height; pair++) {
            Index f = Index.var("d").times(pair).plus(Index.var("f"));
            Index g = Index.var("d").times(pair).plus(Index.var("g"));
            Index of = Index.var("dout").times(pair).plus(Index.var("of"));
            Index og = Index.var("dout").times(pair).plus(Index.var("og"));
            Index im = Index.var("im");
            Index imOut = Index.var("imOut");
            rows.add(new Row(f, f.plus(im), of, of.plus(imOut)));
            rows.add(new Row(g.plus(im), g, og.plus(imOut), og));
        }
        return rows;
    }

    private Stmt body() {
        List<Stmt> body = new ArrayList<>();
        List<Row> rows = rows();
        for (int r = 0; r < rows.size(); r++) {
            body.add(new Stmt.Bind("x" + r, rows.get(r).x()));
            body.add(new Stmt.Bind("y" + r, rows.get(r).y()));
            for (int v = 0; v < vectors; v++) {
                body.add(new Stmt.Let(local("re", r, v), new Value.Const(0, lanes)));
                body.add(new Stmt.Let(local("im", r, v), new Value.Const(0, lanes)));
            }
        }
        body.add(loop("c", Index.var("k"), block(step(rows.size()))));
        for (int r = 0; r < rows.size(); r++) {
            for (int v = 0; v < vectors; v++) {
                Row row = rows.get(r);
                body.add(new Stmt.Store(row.toX().plus(v * lanes), local("re", r, v)));
                body.add(new Stmt.Store(row.toY().plus(v * lanes), local("im", r, v)));
            }
        }
        return block(body);
    }

    /** One channel. */
    private List<Stmt> step(int rows) {
        List<Stmt> step = new ArrayList<>();
        for (int v = 0; v < vectors; v++) {
            Index at = Index.var("c").times(2 * width).plus(Index.var("b")).plus(v * lanes);
            step.add(new Stmt.Let(local("u", 0, v), new Value.Load(Memory.WEIGHTS, at, lanes)));
            step.add(
                    new Stmt.Let(
                            local("v", 0, v),
                            new Value.Load(Memory.WEIGHTS, at.plus(width), lanes)));
            step.add(
                    new Stmt.Let(
                            local("n", 0, v),
                            new Value.Unary(Value.UnaryFunction.NEG, local("v", 0, v))));
        }
        for (int r = 0; r < rows; r++) {
            Value.Local x = splat(step, "x", r);
            accumulate(step, x, "u", "re", r);
            accumulate(step, x, "v", "im", r);
            Value.Local y = splat(step, "y", r);
            accumulate(step, y, "n", "re", r);
            accumulate(step, y, "u", "im", r);
        }
        return step;
    }

    private Value.Local splat(List<Stmt> step, String place, int row) {
        Index at = Index.var(place + row).plus(Index.var("c"));
        Value number = new Value.Load(Memory.ARENA, at, 1);
        Value.Local local = new Value.Local(place + "s" + row, lanes);
        step.add(new Stmt.Let(local, lanes == 1 ? number : new Value.Splat(number, lanes)));
        return local;
    }

    private void accumulate(List<Stmt> step, Value.Local x, String weight, String sum, int row) {
        for (int v = 0; v < vectors; v++) {
            Value.Local total = local(sum, row, v);
            step.add(new Stmt.Set(total, new Value.Fma(x, local(weight, 0, v), total)));
        }
    }

    private Value.Local local(String name, int row, int vector) {
        return new Value.Local(name + row + "_" + vector, lanes);
    }
}
