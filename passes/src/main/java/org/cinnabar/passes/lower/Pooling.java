package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;

/**
 * Pooling. Windows that lie within the input are those of a {@link PoolTile}, a row of the map at a
 * time; those at its border, and those of many taps, are clipped one by one.
 */
final class Pooling implements Lowering {
    /** How far back to look for what makes numbers positive. */
    private static final int DEPTH = 4;

    @Override
    public String name() {
        return "pool";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Pool(_, Window window, _) && window.rank() <= 2;
    }

    @Override
    public Layout layout(Group group, Node operand) {
        return Layout.unit(1, operand.shape().rank());
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Driver driver =
                new Driver(
                        tiles,
                        (Pool) root.op(),
                        isPositive(root.in(0), DEPTH),
                        site.view(root.in(0)),
                        site.output());
        return List.of(driver.kernel(site.group().label()));
    }

    /** Whether {@code node} is seen to have no negative values, {@code depth} nodes deep. */
    private static boolean isPositive(Node node, int depth) {
        return depth > 0
                && switch (node.op()) {
                    case Unary(Unary.Function f) ->
                            f == Unary.Function.RELU || f == Unary.Function.SIGMOID;
                    case Clip(double low, _) -> low >= 0;
                    case Concat _, Pool _ ->
                            node.in().stream().allMatch(in -> isPositive(in, depth - 1));
                    default -> false;
                };
    }

    /** Positions along an axis whose windows lie within the input. */
    private record Inside(int first, int end) {
        static Inside of(Window window, int axis, View x, View y) {
            int stride = window.stride().get(axis);
            int pad = window.padBegin().get(axis);
            int positions = y.extent(axis + 2);
            int first = Math.min(Math.ceilDiv(pad, stride), positions);
            int room = x.extent(axis + 2) + pad - window.reach(axis);
            int end = Math.clamp(Math.floorDiv(room, stride) + 1, first, positions);
            return new Inside(first, end);
        }

        int count() {
            return end - first;
        }
    }

    /**
     * The loops over rows {@code p0} and columns {@code p1} of the map; a task is a row. Along axis
     * 0 and 1, the taps {@code low} to {@code high} of a window are within the input.
     *
     * @param isPositive whether no number of the input is negative
     */
    private record Driver(Tiles tiles, Pool pool, boolean isPositive, View x, View y) {
        Kernel kernel(String label) {
            List<Stmt> row = new ArrayList<>(taps(0));
            row.addAll(pool.window().rank() == 1 ? List.of(clipped()) : columns());
            Stmt rows = loop("p0", Index.var("from"), Index.var("to"), 1, block(row));
            return tiles.kernel(label, y.extent(2), loop("n", Index.of(y.extent(0)), rows));
        }

        private Window window() {
            return pool.window();
        }

        private Reduction reduction() {
            return switch (pool.f()) {
                case MAX -> Reduction.MAX;
                case AVERAGE -> Reduction.MEAN;
            };
        }

        /**
         * The reduction of a tile, which is straight-line code; in a loop, the JIT would box what
         * goes back and forth between floats and their bits.
         */
        private Reduction unrolled() {
            return reduction() == Reduction.MAX && isPositive
                    ? Reduction.MAX_OF_POSITIVE
                    : reduction();
        }

        private List<Stmt> columns() {
            Index extent = Index.of(y.extent(3));
            List<Stmt> window = new ArrayList<>(taps(1));
            window.add(clipped());
            Inside rows = Inside.of(window(), 0, x, y);
            Inside inside = Inside.of(window(), 1, x, y);
            if (!PoolTile.fits(window()) || rows.count() == 0 || inside.count() == 0) {
                return List.of(loop("p1", extent, block(window)));
            }
            List<Stmt> row = new ArrayList<>();
            Index whole = Index.var("whole");
            // 1 in a row whose windows have all their rows of taps, else 0.
            row.add(new Stmt.Bind("whole", count(0).dividedBy(window().kernel().getFirst())));
            if (inside.first() > 0 || rows.count() < y.extent(2)) {
                Index end = whole.times(inside.first() - y.extent(3)).plus(extent);
                row.add(loop("p1", end, block(window)));
            }
            row.add(
                    PoolTile.call(
                            tiles,
                            unrolled(),
                            window(),
                            x,
                            source(
                                    List.of(
                                            start(0, Index.var("p0")),
                                            start(1, Index.of(inside.first())))),
                            y,
                            target(Index.of(inside.first())),
                            whole.times(inside.count())));
            if (inside.end() < y.extent(3)) {
                Index first = whole.times(inside.end() - y.extent(3)).plus(extent);
                row.add(loop("p1", first, extent, 1, block(window)));
            }
            return row;
        }

        private List<Stmt> taps(int axis) {
            WindowTaps taps = WindowTaps.of(window(), axis, x, Index.var("p" + axis));
            return List.of(
                    new Stmt.Bind("low" + axis, taps.low()),
                    new Stmt.Bind("high" + axis, taps.high()));
        }

        private static Index count(int axis) {
            return minus(Index.var("high" + axis), Index.var("low" + axis));
        }

        private Index start(int axis, Index position) {
            return WindowTaps.start(window(), axis, position);
        }

        /** The window at the current position, of which only the taps within the input count. */
        private Stmt clipped() {
            List<Index> first = new ArrayList<>();
            List<Index> counts = new ArrayList<>();
            List<Index> strides = new ArrayList<>();
            for (int axis = 0; axis < window().rank(); axis++) {
                int dilation = window().dilation().get(axis);
                first.add(
                        Index.var("low" + axis)
                                .times(dilation)
                                .plus(start(axis, Index.var("p" + axis))));
                counts.add(count(axis));
                strides.add(Index.of(x.stride(axis + 2) * dilation));
            }
            Index count =
                    pool.countPadding()
                            ? Index.of(window().taps())
                            : counts.stream().reduce(Index.of(1), Index::times);
            if (window().rank() == 1) {
                counts.addFirst(Index.of(1));
                strides.addFirst(Index.of(0));
            }
            return reduction()
                    .acrossLanes(
                            tiles,
                            source(first),
                            counts,
                            strides,
                            target(Index.var("p1")),
                            Reduction.length(y, 1),
                            count);
        }

        /** Channel 0 of the input's pixel {@code position}. */
        private Index source(List<Index> position) {
            Index at = Index.var("n").times(x.stride(0)).plus(x.offset());
            for (int axis = 0; axis < position.size(); axis++) {
                at = position.get(axis).times(x.stride(axis + 2)).plus(at);
            }
            return at;
        }

        /** Channel 0 of the output's pixel in the current row, and in {@code column} if it has. */
        private Index target(Index column) {
            Index at = Index.var("n").times(y.stride(0)).plus(y.offset());
            at = Index.var("p0").times(y.stride(2)).plus(at);
            return window().rank() == 1 ? at : column.times(y.stride(3)).plus(at);
        }
    }
}
