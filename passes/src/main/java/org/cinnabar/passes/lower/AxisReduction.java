package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Reduce;

/**
 * Reductions along axes: every result is a few nested loops over the input, across vectors of other
 * results where the axis of unit stride is kept, else along it.
 */
final class AxisReduction implements Lowering {
    @Override
    public String name() {
        return "reduce";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Reduce;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Reduce reduce = (Reduce) root.op();
        View x = site.view(root.in(0));
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
                            root.origin()
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
                                tiles, a, counts, strides, o, Reduction.length(y, unit), count)
                        : reduction.alongLanes(
                                tiles, a, counts, strides, Index.of(row.extent()), o, count);
        Stmt driver = loop("u", Index.var("from"), Index.var("to"), 1, call);
        return List.of(tiles.kernel(site.group().label(), results, driver));
    }
}
