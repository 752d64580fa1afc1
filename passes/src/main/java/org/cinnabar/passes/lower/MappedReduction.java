package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.vectorsThenRest;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Reduce;

/**
 * Sums of images channel by channel, of numbers that are computed on the way: vectors lie along the
 * channels, and what is summed is never stored.
 */
final class MappedReduction implements Lowering {
    @Override
    public String name() {
        return "sum-of";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Reduce(var f, var axes)
                && f == Reduce.Function.SUM
                && root.in(0).shape().rank() == 4
                && axes.equals(List.of(2, 3))
                && root.in(0).op() instanceof Elementwise;
    }

    @Override
    public boolean absorbs(Node root, Group operand) {
        return operand.root().op() instanceof Elementwise
                && operand.members().stream().noneMatch(Pointwise::isScalarOnly)
                && operand.reads().stream()
                        .allMatch(
                                read ->
                                        isScalar(read)
                                                || read.shape().equals(operand.result().shape())
                                                || Epilogue.isPerChannel(
                                                        read.shape(), operand.result().shape(), 1));
    }

    private static boolean isScalar(Node node) {
        return node.op() instanceof Constant(var tensor) && tensor.count() == 1;
    }

    @Override
    public Layout layout(Group group, Node operand) {
        int rank = operand.shape().rank();
        return isScalar(operand) ? Layout.any(rank) : Layout.unit(Math.max(0, rank - 3), rank);
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Group group = site.group();
        Node mapped = group.root().in(0);
        View y = site.output();
        List<Integer> extents = IntStream.of(mapped.shape().extents()).boxed().toList();
        List<Node> reads = group.reads().stream().filter(read -> !isScalar(read)).toList();
        List<View> views = reads.stream().map(r -> site.view(r).expanded(extents)).toList();
        Rows.Body body =
                (lanes, out, read) -> {
                    Map<Node, Value> leaves = new IdentityHashMap<>();
                    for (int i = 0; i < reads.size(); i++) {
                        leaves.put(reads.get(i), read.get(i));
                    }
                    return new Pointwise(lanes, out, "t", leaves::get).value(mapped);
                };
        Function function = function(tiles, views, body);
        Index image = Index.var("image");
        List<Index> arguments = new ArrayList<>();
        arguments.add(image.times(y.stride(0)).plus(y.offset()));
        arguments.add(Index.of(y.extent(1)));
        arguments.add(Index.of(extents.get(2)));
        arguments.add(Index.of(extents.get(3)));
        for (View view : views) {
            arguments.add(image.times(view.stride(0)).plus(view.offset()));
            arguments.add(Index.of(view.stride(2)));
            arguments.add(Index.of(view.stride(3)));
        }
        Stmt images =
                loop(
                        "image",
                        Index.var("from"),
                        Index.var("to"),
                        1,
                        new Stmt.Call(function, arguments));
        return List.of(tiles.kernel(group.label(), extents.getFirst(), images));
    }

    /** {@code name(y, n, rows, columns, a0, r0, c0, a1, ...)}. */
    private static Function function(Tiles tiles, List<View> views, Rows.Body body) {
        int lanes = tiles.target().lanes();
        List<Memory> memories = views.stream().map(View::memory).toList();
        List<Value> read = new ArrayList<>();
        for (int i = 0; i < views.size(); i++) {
            read.add(new Value.Local("x" + i, lanes));
        }
        List<Stmt> form = new ArrayList<>();
        Value value = body.value(lanes, form, read);
        return tiles.shared(
                "sum_of",
                List.of("sum_of", lanes, memories, form, value),
                name -> {
                    List<String> parameters = new ArrayList<>(List.of("y", "n", "rows", "columns"));
                    for (int i = 0; i < memories.size(); i++) {
                        parameters.addAll(List.of("a" + i, "r" + i, "c" + i));
                    }
                    Stmt all =
                            block(
                                    vectorsThenRest(
                                            Index.var("n"),
                                            lanes,
                                            (channel, width) ->
                                                    sum(memories, body, channel, width)));
                    return new Function(name, parameters, all);
                });
    }

    private static Stmt sum(List<Memory> memories, Rows.Body body, String channel, int lanes) {
        Value.Local sum = new Value.Local("sum", lanes);
        List<Stmt> step = new ArrayList<>();
        List<Value> read = new ArrayList<>();
        for (int i = 0; i < memories.size(); i++) {
            Index at =
                    Index.var("column")
                            .times(Index.var("c" + i))
                            .plus(Index.var("row" + i))
                            .plus(Index.var(channel));
            Value.Local local = new Value.Local("x" + i, lanes);
            step.add(new Stmt.Let(local, new Value.Load(memories.get(i), at, lanes)));
            read.add(local);
        }
        Value value = body.value(lanes, step, read);
        step.add(new Stmt.Set(sum, new Value.Binary(Value.BinaryFunction.ADD, sum, value)));
        List<Stmt> row = new ArrayList<>();
        for (int i = 0; i < memories.size(); i++) {
            Index start = Index.var("row").times(Index.var("r" + i)).plus(Index.var("a" + i));
            row.add(new Stmt.Bind("row" + i, start));
        }
        row.add(loop("column", Index.var("columns"), block(step)));
        Value total = new Value.Binary(Value.BinaryFunction.ADD, sum, new Value.Const(0, lanes));
        return block(
                new Stmt.Let(sum, new Value.Const(0, lanes)),
                loop("row", Index.var("rows"), block(row)),
                new Stmt.Store(Index.var("y").plus(Index.var(channel)), total));
    }
}
