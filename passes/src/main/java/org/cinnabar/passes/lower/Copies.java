package org.cinnabar.passes.lower;

import java.util.ArrayList;
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

    /** A kernel whose tasks are {@code kernels}, which may run in any order. */
    public static Kernel together(Tiles tiles, String label, List<Kernel> kernels) {
        List<Stmt> body = new ArrayList<>();
        for (int i = 0; i < kernels.size(); i++) {
            Kernel kernel = kernels.get(i);
            Stmt call = Code.call(kernel, Index.of(0), Index.of(kernel.tasks()));
            Index first = Index.var("from").max(Index.of(i));
            body.add(Code.loop("task", first, Index.var("to").min(Index.of(i + 1)), 1, call));
        }
        int own = kernels.stream().mapToInt(Kernel::own).max().orElse(0);
        return tiles.kernel(label, kernels.size(), own, Code.block(body));
    }
}
