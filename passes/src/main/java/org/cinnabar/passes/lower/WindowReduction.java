package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Window;

/**
 * Pooling and reductions: every result is a few nested loops over the input, clipped to it at the
 * border.
 */
final class WindowReduction implements Lowering {
    @Override
    public String name() {
        return "reduce";
    }

    @Override
    public boolean accepts(Node root) {
        return switch (root.op()) {
            case Pool(_, Window window, _) -> window.rank() <= 2;
            case Reduce _ -> true;
            default -> false;
        };
    }

    @Override
    public Layout layout(Group group, Node operand) {
        int rank = operand.shape().rank();
        return group.root().op() instanceof Pool ? Layout.unit(1, rank) : Layout.any(rank);
    }

    @Override
    public int unitAxis(Group group) {
        return group.root().op() instanceof Pool ? 1 : -1;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        View x = site.view(root.in(0));
        return switch (root.op()) {
            case Pool pool -> List.of(pool(site, tiles, pool, x));
            case Reduce reduce -> reduce(site, tiles, reduce, x);
            default -> throw new IllegalStateException(root.toString());
        };
    }

    private static Kernel pool(Site site, Tiles tiles, Pool pool, View x) {
        View y = site.output();
        Window window = pool.window();
        Reduction reduction =
                switch (pool.f()) {
                    case MAX -> Reduction.MAX;
                    case AVERAGE -> Reduction.MEAN;
                };
        List<Stmt> body = new ArrayList<>();
        Index a = Index.of(x.offset());
        Index o = Index.of(y.offset());
        List<Index> counts = new ArrayList<>();
        List<Index> strides = new ArrayList<>();
        int rank = window.rank();
        for (int axis = 0; axis < rank; axis++) {
            Index position = Index.var("p" + axis);
            int dilation = window.dilation().get(axis);
            Index start =
                    position.times(window.stride().get(axis)).plus(-window.padBegin().get(axis));
            Index low = minus(Index.of(dilation - 1), start).max(Index.of(0)).dividedBy(dilation);
            Index high =
                    minus(Index.of(x.extent(axis + 2) - 1 + dilation), start)
                            .max(Index.of(0))
                            .dividedBy(dilation)
                            .min(Index.of(window.kernel().get(axis)));
            body.add(new Stmt.Bind("low" + axis, low));
            body.add(new Stmt.Bind("high" + axis, high));
            a =
                    Index.var("low" + axis)
                            .times(dilation)
                            .plus(start)
                            .times(x.stride(axis + 2))
                            .plus(a);
            o = position.times(y.stride(axis + 2)).plus(o);
            counts.add(minus(Index.var("high" + axis), Index.var("low" + axis)));
            strides.add(Index.of(x.stride(axis + 2) * dilation));
        }
        Index count =
                pool.countPadding()
                        ? Index.of(window.taps())
                        : counts.stream().reduce(Index.of(1), Index::times);
        a = Index.var("n").times(x.stride(0)).plus(a);
        o = Index.var("n").times(y.stride(0)).plus(o);
        if (rank == 1) {
            counts.addFirst(Index.of(1));
            strides.addFirst(Index.of(0));
        }
        body.add(reduction.acrossLanes(tiles, a, counts, strides, o, length(y, 1), count));
        Stmt nest = block(body);
        for (int axis = rank - 1; axis > 0; axis--) {
            nest = loop("p" + axis, Index.of(y.extent(axis + 2)), nest);
        }
        nest = loop("p0", Index.var("from"), Index.var("to"), 1, nest);
        return tiles.kernel(
                site.group().label(), y.extent(2), loop("n", Index.of(y.extent(0)), nest));
    }

    private static List<Kernel> reduce(Site site, Tiles tiles, Reduce reduce, View x) {
        View y = site.output();
        Reduction reduction = Reduction.of(reduce.f());
        int unit = x.unitAxis();
        boolean across = unit >= 0 && !reduce.axes().contains(unit) && y.stride(unit) == 1;
        List<Integer> kept =
                IntStream.range(0, x.rank())
                        .filter(axis -> !reduce.axes().contains(axis))
                        .boxed()
                        .toList();
        Nest inner = Nest.over(List.of(x), kept);
        List<Integer> without = new ArrayList<>(reduce.axes());
        if (across) {
            without.add(unit);
        }
        View source = new View(x.memory(), x.offset(), x.extents(), x.strides(), 0);
        View target = new View(y.memory(), y.offset(), x.extents(), y.strides(), 0);
        Nest outer = Nest.over(List.of(target, source), without);
        int depth = outer.axes().size();
        Index o = outer.outerOffset(0, depth, Index.var("u"));
        Index a = outer.outerOffset(1, depth, Index.var("u"));
        Index count = Index.of(inner.outerCount(inner.axes().size()));
        int results = outer.outerCount(depth);
        List<Nest.Axis> loops = new ArrayList<>(inner.axes());
        boolean lanesInside = !across && !loops.isEmpty() && loops.getLast().stride(0) == 1;
        Nest.Axis row = lanesInside ? loops.removeLast() : new Nest.Axis(1, List.of(0));
        if (loops.size() > 2) {
            throw new LoweringException(
                    List.of(
                            site.group().root().origin()
                                    + ": no code can be generated for a "
                                    + "reduction over axes "
                                    + reduce.axes()
                                    + ", of which "
                                    + loops.size()
                                    + " lie apart in memory"));
        }
        while (loops.size() < 2) {
            loops.addFirst(new Nest.Axis(1, List.of(0)));
        }
        List<Index> counts = loops.stream().map(l -> Index.of(l.extent())).toList();
        List<Index> strides = loops.stream().map(l -> Index.of(l.stride(0))).toList();
        Stmt call =
                across
                        ? reduction.acrossLanes(
                                tiles, a, counts, strides, o, length(y, unit), count)
                        : reduction.alongLanes(
                                tiles, a, counts, strides, Index.of(row.extent()), o, count);
        Stmt driver = loop("u", Index.var("from"), Index.var("to"), 1, call);
        return List.of(tiles.kernel(site.group().label(), results, driver));
    }

    /**
     * How many numbers along {@code axis} to compute: whole vectors where there is room for them.
     */
    private static Index length(View y, int axis) {
        int exact = y.extent(axis);
        int padded = Layout.padded(exact);
        return Index.of(padded - exact <= y.slack() ? padded : exact);
    }
}
