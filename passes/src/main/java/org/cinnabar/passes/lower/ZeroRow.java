package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;

/**
 * Zeros for sums of neighbouring pixels that tiles add to, a vector for each.
 *
 * <p>Parameters: {@code o, dout} the first one and their distance; {@code pixels}, their number.
 */
record ZeroRow(int lanes) {
    private static final List<String> PARAMETERS = List.of("o", "dout", "pixels");

    Stmt call(Tiles tiles, Index to, int distance, int pixels) {
        Function function =
                tiles.shared("zeros", this, name -> new Function(name, PARAMETERS, body()));
        return new Stmt.Call(function, List.of(to, Index.of(distance), Index.of(pixels)));
    }

    private Stmt body() {
        Index at = Index.var("p").times(Index.var("dout")).plus(Index.var("o"));
        Stmt store = new Stmt.Store(at, new Value.Const(0, lanes));
        return loop("p", Index.var("pixels"), block(List.of(store)));
    }
}
