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
import org.cinnabar.ir.op.Window;

/**
 * {@code rows} neighbouring pixels of one vector of channels. Narrow kernels have their columns
 * unrolled, so that an input number is loaded once for all the windows it is in; wide ones are a
 * loop.
 *
 * <p>Parameters: {@code a} first input number, {@code da} distance between input pixels, {@code ra}
 * between input rows of the window; {@code b} first weight; {@code o} first output, {@code dout}
 * distance between output pixels; then the epilogue's.
 */
record DepthwiseTile(int rows, int kernelRows, int columns, int stride, int dilation, int lanes) {
    private static final int MOST_UNROLLED = 7;

    DepthwiseTile(int rows, Window window, int lanes) {
        this(
                rows,
                window.rank() == 1 ? 1 : window.kernel().getFirst(),
                window.kernel().getLast(),
                window.stride().getLast(),
                window.dilation().getLast(),
                lanes);
    }

    /** How many pixels a tile takes: as many as leave registers for the kernel's columns. */
    static int rowsFor(Window window, Target target) {
        boolean fewRegisters = target.lanes() == 8 || target.lanes() == 1;
        int columns = window.kernel().getLast();
        if (columns > MOST_UNROLLED) {
            return fewRegisters ? 6 : 8;
        }
        int rows = columns <= 3 ? 7 : columns <= 5 ? 5 : 4;
        return fewRegisters ? Math.min(rows, 4) : rows;
    }

    Function function(Tiles tiles, Epilogue epilogue) {
        return tiles.shared(
                "depthwise_" + kernelRows + "x" + columns,
                List.of(this, epilogue.key(lanes)),
                name -> {
                    List<String> parameters =
                            new ArrayList<>(List.of("a", "da", "ra", "b", "o", "dout"));
                    parameters.addAll(epilogue.parameters());
                    return new Function(name, parameters, body(epilogue));
                });
    }

    private Stmt body(Epilogue epilogue) {
        List<Stmt> body = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            body.add(new Stmt.Let(sum(r), new Value.Const(0, lanes)));
        }
        body.add(loop("i", Index.of(kernelRows), columns <= MOST_UNROLLED ? unrolled() : looped()));
        body.addAll(epilogue.prologue(lanes));
        for (int r = 0; r < rows; r++) {
            List<Stmt> out = new ArrayList<>();
            Value value = epilogue.apply(sum(r), r, 0, out, "t");
            out.add(new Stmt.Store(Index.var("dout").times(r).plus(Index.var("o")), value));
            body.add(block(out));
        }
        return block(body);
    }

    private Stmt unrolled() {
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind("p", Index.var("i").times(Index.var("ra")).plus(Index.var("a"))));
        body.add(
                new Stmt.Bind(
                        "q", Index.var("i").times(columns * Panels.BLOCK).plus(Index.var("b"))));
        for (int column = 0; column < columns; column++) {
            Index at = Index.var("q").plus(column * Panels.BLOCK);
            body.add(new Stmt.Let(weight(column), new Value.Load(Memory.WEIGHTS, at, lanes)));
        }
        int span = (rows - 1) * stride + (columns - 1) * dilation;
        for (int j = 0; j <= span; j++) {
            List<Stmt> uses = new ArrayList<>();
            for (int r = 0; r < rows; r++) {
                int tap = j - r * stride;
                if (tap >= 0 && tap % dilation == 0 && tap / dilation < columns) {
                    uses.add(
                            new Stmt.Set(
                                    sum(r),
                                    new Value.Fma(input(j), weight(tap / dilation), sum(r))));
                }
            }
            if (!uses.isEmpty()) {
                Index at = Index.var("da").times(j).plus(Index.var("p"));
                body.add(new Stmt.Let(input(j), new Value.Load(Memory.ARENA, at, lanes)));
                body.addAll(uses);
            }
        }
        return block(body);
    }

    private Stmt looped() {
        List<Stmt> body = new ArrayList<>();
        Index tap = Index.var("i").times(columns).plus(Index.var("j"));
        body.add(new Stmt.Bind("q", tap.times(Panels.BLOCK).plus(Index.var("b"))));
        Index column = Index.var("j").times(dilation).times(Index.var("da"));
        body.add(
                new Stmt.Bind(
                        "p",
                        Index.var("i").times(Index.var("ra")).plus(Index.var("a")).plus(column)));
        body.add(new Stmt.Let(weight(0), new Value.Load(Memory.WEIGHTS, Index.var("q"), lanes)));
        for (int r = 0; r < rows; r++) {
            Index at = Index.var("da").times(r * stride).plus(Index.var("p"));
            body.add(
                    new Stmt.Set(
                            sum(r),
                            new Value.Fma(
                                    new Value.Load(Memory.ARENA, at, lanes), weight(0), sum(r))));
        }
        return loop("j", Index.of(columns), block(body));
    }

    private Value.Local sum(int row) {
        return new Value.Local("sum" + row, lanes);
    }

    private Value.Local weight(int column) {
        return new Value.Local("w" + column, lanes);
    }

    private Value.Local input(int j) {
        return new Value.Local("x" + j, lanes);
    }
}
