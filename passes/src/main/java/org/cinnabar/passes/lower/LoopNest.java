package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Elementwise;

/**
 * Elementwise ops, fused into one pass over memory: vectors along the axis that is contiguous
 * everywhere.
 */
final class LoopNest implements Lowering {
    @Override
    public String name() {
        return "elementwise";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Elementwise;
    }

    @Override
    public boolean fuses(Node node, Node value) {
        return true;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Group group = site.group();
        List<Node> reads = group.reads().stream().filter(read -> !isScalar(read)).toList();
        View output = site.output();
        List<View> inputs =
                reads.stream().map(read -> site.view(read).expanded(output.extents())).toList();
        boolean vector = group.members().stream().noneMatch(Pointwise::isScalarOnly);
        Rows.Body body =
                (lanes, out, read) -> {
                    Map<Node, Value> leaves = new IdentityHashMap<>();
                    for (int i = 0; i < reads.size(); i++) {
                        leaves.put(reads.get(i), read.get(i));
                    }
                    return new Pointwise(lanes, out, "t", leaves::get).value(group.result());
                };
        return List.of(
                Rows.kernel(
                        tiles,
                        group.label(),
                        "pointwise",
                        form(body, reads.size()),
                        output,
                        inputs,
                        vector,
                        body));
    }

    /** What {@code body} computes, as a value that is equal for equal computations. */
    private static Object form(Rows.Body body, int reads) {
        List<Value> read = new ArrayList<>();
        for (int i = 0; i < reads; i++) {
            read.add(new Value.Local("x" + i, 1));
        }
        List<Stmt> out = new ArrayList<>();
        Value value = body.value(1, out, read);
        return List.of(out, value);
    }

    private static boolean isScalar(Node node) {
        return node.op() instanceof Constant(var tensor) && tensor.count() == 1;
    }

    /** A kernel that copies {@code from} to {@code to}, views of the same extents. */
    static Kernel copy(Tiles tiles, String label, View from, View to) {
        return Rows.kernel(
                tiles,
                label,
                "copy",
                "copy",
                to,
                List.of(from),
                true,
                (_, _, read) -> read.getFirst());
    }

    /** A kernel that stores {@code value} all over {@code to}. */
    static Kernel fill(Tiles tiles, String label, View to, float value) {
        return Rows.kernel(
                tiles,
                label,
                "fill",
                List.of("fill", value),
                to,
                List.of(),
                true,
                (lanes, _, _) -> new Value.Const(value, lanes));
    }
}
