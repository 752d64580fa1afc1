package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.manyVectorsThenRest;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Window;

/**
 * Pooling of {@code count} neighbouring pixels whose windows are whole: all taps of a vector of
 * channels at once.
 *
 * <p>Parameters: {@code a} the first window's first number, {@code step} distance between windows,
 * {@code ra} between their rows, {@code da} between their columns; {@code o} first output, {@code
 * dout} distance between output pixels; {@code n} channels; {@code count}.
 *
 * @param divisor of {@code n}: {@link Code#divisor}
 */
record PoolTile(Reduction f, int rows, int columns, int divisor, int lanes) {
    private static final List<String> PARAMETERS =
            List.of("a", "step", "ra", "da", "o", "dout", "n", "count");

    /** Taps whose addresses fit into registers. */
    private static final int MOST = 9;

    /** Whether there is a tile for windows like {@code window}. */
    static boolean fits(Window window) {
        return window.rank() == 2 && window.taps() <= MOST;
    }

    /**
     * Pools {@code count} windows of {@code x} like {@code window}, which {@link #fits}, the first
     * of which begins at {@code a}, into pixels of {@code y} from {@code o} on.
     */
    static Stmt call(
            Tiles tiles,
            Reduction f,
            Window window,
            View x,
            Index a,
            View y,
            Index o,
            Index count) {
        List<Integer> kernel = window.kernel();
        int lanes = tiles.target().lanes();
        int channels = Reduction.length(y, 1);
        PoolTile tile =
                new PoolTile(
                        f,
                        kernel.getFirst(),
                        kernel.getLast(),
                        Code.divisor(channels, lanes),
                        lanes);
        return new Stmt.Call(
                tile.function(tiles),
                List.of(
                        a,
                        Index.of(x.stride(3) * window.stride().getLast()),
                        Index.of(x.stride(2) * window.dilation().getFirst()),
                        Index.of(x.stride(3) * window.dilation().getLast()),
                        o,
                        Index.of(y.stride(3)),
                        Index.of(channels),
                        count));
    }

    private Function function(Tiles tiles) {
        return tiles.shared(
                "pool_" + f.label() + "_" + rows + "x" + columns,
                this,
                name ->
                        new Function(
                                name,
                                PARAMETERS,
                                block(
                                        manyVectorsThenRest(
                                                Index.var("n"), divisor, lanes, this::pixels))));
    }

    /** {@code vectors} times {@code width} channels of all pixels. */
    private Stmt pixels(String channel, int width, int vectors) {
        List<Stmt> body = new ArrayList<>();
        Index pixel = Index.var("p");
        Index first = Index.var("a").plus(Index.var(channel));
        body.add(new Stmt.Bind("row0", pixel.times(Index.var("step")).plus(first)));
        for (int i = 1; i < rows; i++) {
            Index before = Index.var("row" + (i - 1));
            body.add(new Stmt.Bind("row" + i, before.plus(Index.var("ra"))));
        }
        for (int tap = 0; tap < rows * columns; tap++) {
            Index row = Index.var("row" + tap / columns);
            Index at = Index.var("da").times(tap % columns).plus(row);
            for (int v = 0; v < vectors; v++) {
                Value.Local all = new Value.Local("all" + v, width);
                Value.Local next = new Value.Local("x" + tap + "_" + v, width);
                Value load = new Value.Load(Memory.ARENA, at.plus(v * width), width);
                if (tap == 0) {
                    body.add(new Stmt.Let(all, load));
                } else {
                    body.add(new Stmt.Let(next, load));
                    body.add(new Stmt.Set(all, f.combine(all, next)));
                }
            }
        }
        Index to = pixel.times(Index.var("dout")).plus(Index.var("o")).plus(Index.var(channel));
        for (int v = 0; v < vectors; v++) {
            Value.Local all = new Value.Local("all" + v, width);
            Value result = f.finished(all, Index.of(rows * columns));
            body.add(new Stmt.Store(to.plus(v * width), result));
        }
        return loop("p", Index.var("count"), block(body));
    }
}
