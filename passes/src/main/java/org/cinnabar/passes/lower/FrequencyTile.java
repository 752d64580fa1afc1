package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.zeros;

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
 * and after. A pair of twice the same tile {@code isLone}: then the result at the opposite
 * frequency is the other one with its parts exchanged.
 *
 * <p>Parameters: {@code f} first input number at the frequency, {@code g} at its opposite, {@code
 * d} distance between pairs, {@code im} that of imaginary parts from real ones; {@code b} first
 * weight; {@code of, og, dout, imOut} the same of the outputs; {@code k} channels. Weights are
 * {@link Panels} whose columns are real and imaginary parts in turn.
 */
record FrequencyTile(int height, boolean isLone, int vectors, int lanes, int width) {
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
                (isLone ? "lone_frequency_" : "frequency_") + height + "x" + vectors,
                this,
                name -> new Function(name, PARAMETERS, body()));
    }

    /** A complex number: where its parts are. */
    private record Place(Index re, Index im) {
        Place swapped() {
            return new Place(im, re);
        }
    }

    /** One row of the tile: where its numbers come from, and where results go. */
    private record Row(Place from, List<Place> to) {}

    private List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (int pair = 0; pair < height; pair++) {
            Place f = place("f", "d", pair, "im");
            Place g = place("g", "d", pair, "im").swapped();
            Place toF = place("of", "dout", pair, "imOut");
            Place toG = place("og", "dout", pair, "imOut").swapped();
            if (isLone) {
                rows.add(new Row(f, List.of(toF, toG)));
            } else {
                rows.add(new Row(f, List.of(toF)));
                rows.add(new Row(g, List.of(toG)));
            }
        }
        return rows;
    }

    private static Place place(String first, String distance, int pair, String im) {
        Index re = Index.var(distance).times(pair).plus(Index.var(first));
        return new Place(re, re.plus(Index.var(im)));
    }

    private Stmt body() {
        List<Stmt> body = new ArrayList<>();
        List<Row> rows = rows();
        List<Value.Local> sums = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            body.add(new Stmt.Bind("x" + r, rows.get(r).from().re()));
            body.add(new Stmt.Bind("y" + r, rows.get(r).from().im()));
            for (int v = 0; v < vectors; v++) {
                sums.add(local("re", r, v));
                sums.add(local("im", r, v));
            }
        }
        body.addAll(zeros(sums));
        body.add(loop("c", Index.var("k"), block(step(rows.size()))));
        for (int r = 0; r < rows.size(); r++) {
            for (Place to : rows.get(r).to()) {
                for (int v = 0; v < vectors; v++) {
                    body.add(new Stmt.Store(to.re().plus(v * lanes), local("re", r, v)));
                    body.add(new Stmt.Store(to.im().plus(v * lanes), local("im", r, v)));
                }
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
