package org.cinnabar.passes.lower;

import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.jspecify.annotations.Nullable;

/** Kernels and views that the scheduler adds on its own: changes of layout and zero borders. */
public final class Copies {
    private Copies() {}

    /** Whether {@code node} may be another view of its operand, without any code. */
    public static boolean isView(Node node) {
        return switch (node.op()) {
            case Reshape _, Transpose _, Slice _, Expand _ -> true;
            default -> false;
        };
    }

    /** {@code node} as a view of its operand at {@code from}; null where only a copy will do. */
    public static @Nullable View view(Node node, View from) {
        return Moves.view(node, from);
    }

    /** Copies {@code from} to {@code to}, views of the same extents. */
    public static Kernel copy(Tiles tiles, String label, View from, View to) {
        return LoopNest.copy(tiles, label, from, to);
    }

    /** Stores {@code value} all over {@code to}. */
    public static Kernel fill(Tiles tiles, String label, View to, float value) {
        return LoopNest.fill(tiles, label, to, value);
    }

    /** A kernel of one task that runs {@code body}. */
    public static Kernel together(Tiles tiles, String label, List<Stmt> body) {
        Stmt once =
                new Stmt.For("once", Index.var("from"), Index.var("to"), 1, new Stmt.Block(body));
        return tiles.kernel(label, 1, once);
    }
}
