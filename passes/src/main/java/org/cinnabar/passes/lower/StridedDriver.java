package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;

/**
 * The loops around {@link StridedTile}: a task is one panel of the output's unit axis over a block
 * of rows. Where the sum runs over more than caches hold, it may be cut into chunks, and every
 * range of tasks goes through all of a chunk before the next one.
 *
 * @param y the output; its vectors lie along {@code unitAxis}
 * @param a in the output's coordinates: where the numbers of each output begin
 * @param b in the output's coordinates: where its vectors begin; unit stride along {@code unitAxis}
 * @param loops what is summed over, three loops, the outermost first
 * @param cuts whether the outermost one may be cut into chunks, whose sums add up in the output
 *     without an epilogue
 */
record StridedDriver(View y, View a, View b, int unitAxis, List<Loop> loops, boolean cuts) {
    /** One loop of the sum: its count and the steps of both operands. */
    record Loop(int count, int sa, int sb) {
        /** No loop. */
        static final Loop ONCE = new Loop(1, 0, 0);
    }

    /** Numbers of a that a block of rows may span, and of both operands that a chunk may. */
    private static final int BLOCK_NUMBERS = 48 << 10;

    /** A contraction is cut into at least this many tasks where it has the rows. */
    private static final int TASKS = 16;

    private static final int LONGEST_ROW = 128;

    /** Rows of fewer numbers leave the tiles low; another axis may serve better. */
    private static final int SHORT_ROW = 6;

    /** Steps of a tile that are constants; farther ones would leave the array of a dry run. */
    private static final int MOST_CONSTANT = 4096;

    /** How the rows of the output are numbered: outer loops, then blocks of the row loop. */
    private record Rows(Nest nest, Nest.Axis row, int length, int height) {
        int perRow() {
            return Math.ceilDiv(row.extent(), length);
        }

        int outer() {
            return Math.max(nest.axes().size() - 1, 0);
        }

        int count() {
            return nest.outerCount(outer()) * perRow();
        }
    }

    /** Results are read before they are written, and once more by whoever wants them. */
    private static final int PASSES = 3;

    /** As calls of tiles, of a tile that is prepared for any strides. */
    private static final int CALLS = 2;

    /** What results of {@code y}, sums of {@code depth} products of both operands, take. */
    static Work work(Shape y, int unitAxis, int depth, Node a, Node b) {
        double vectors = Math.ceilDiv(y.extent(unitAxis), Panels.BLOCK);
        double rows = (double) y.count() / Math.max(1, y.extent(unitAxis));
        return new Work(
                rows * vectors * Panels.BLOCK * depth,
                0,
                0,
                0,
                PASSES * rows * vectors * Work.VECTOR_BYTES
                        + (double) Float.BYTES * (a.shape().count() + b.shape().count()),
                CALLS
                        * rows
                        / Target.LANES_16.rows()
                        * Math.ceil(vectors / Target.LANES_16.vectors()));
    }

    /** Whether {@link #kernel} adds to what the output holds, which has to be zero before. */
    boolean accumulates() {
        return chunk() < loops.getFirst().count();
    }

    /** Iterations of the outermost loop whose operands stay in the second-level cache. */
    private int chunk() {
        Loop outer = loops.getFirst();
        int span = Math.max(1, Math.abs(outer.sa()) + Math.abs(outer.sb()));
        return !cuts || outer.sa() == 0 || outer.sb() == 0
                ? outer.count()
                : Math.clamp(2 * BLOCK_NUMBERS / span, 1, outer.count());
    }

    Kernel kernel(Tiles tiles, String label, Epilogue epilogue) {
        List<View> views = new ArrayList<>(List.of(y, a, b));
        epilogue.operands().forEach(operand -> views.add(operand.view()));
        Target target = tiles.target();
        int width = target.vectors() * target.lanes();
        int full = y.extent(unitAxis) / width;
        int rest = Math.ceilDiv(y.extent(unitAxis) % width, target.lanes());
        int panels = full + (rest > 0 ? 1 : 0);
        Rows rows = rows(views, target, panels);
        int perRow =
                rows.outer() > 0
                        ? Math.max(1, Math.abs(rows.nest().axes().get(rows.outer() - 1).stride(1)))
                        : rows.length() * Math.max(1, Math.abs(rows.row().stride(1)));
        int block = Math.clamp(BLOCK_NUMBERS / perRow, 1, rows.count());
        block = Math.clamp(Math.ceilDiv(rows.count() * panels, TASKS), 1, block);
        int blocks = Math.ceilDiv(rows.count(), block);
        List<Stmt> body = new ArrayList<>();
        if (full > 0) {
            Index panel = Index.var("task").modulo(full);
            body.add(
                    tasks(
                            0,
                            blocks * full,
                            block(
                                    new Stmt.Bind("channel", panel.times(width)),
                                    new Stmt.Bind(
                                            "first",
                                            Index.var("task").dividedBy(full).times(block)),
                                    panel(tiles, epilogue, rows, target.vectors(), block))));
        }
        if (rest > 0) {
            body.add(
                    tasks(
                            blocks * full,
                            blocks * panels,
                            block(
                                    new Stmt.Bind("channel", Index.of(full * width)),
                                    new Stmt.Bind(
                                            "first",
                                            Index.var("task").plus(-blocks * full).times(block)),
                                    panel(tiles, epilogue, rows, rest, block))));
        }
        Stmt work = block(body);
        if (accumulates()) {
            work =
                    new Stmt.For(
                            "chunk",
                            Index.of(0),
                            Index.of(loops.getFirst().count()),
                            chunk(),
                            work);
        }
        return tiles.kernel(label, blocks * panels, work);
    }

    private static Stmt tasks(int first, int last, Stmt body) {
        return loop(
                "task",
                Index.var("from").max(Index.of(first)),
                Index.var("to").min(Index.of(last)),
                1,
                body);
    }

    /** The rows of a tile read the same vectors: only axes along which b stands still will do. */
    private Rows rows(List<View> views, Target target, int panels) {
        Nest nest = Nest.over(views, List.of(unitAxis));
        List<Nest.Axis> axes = new ArrayList<>(nest.axes());
        int best = -1;
        for (int i = axes.size() - 1; i >= 0; i--) {
            boolean isBetter =
                    best < 0
                            || axes.get(best).extent() < SHORT_ROW
                                    && axes.get(i).extent() > axes.get(best).extent();
            best = axes.get(i).stride(2) == 0 && isBetter ? i : best;
        }
        Nest.Axis row =
                best >= 0
                        ? axes.remove(best)
                        : new Nest.Axis(1, views.stream().map(_ -> 0).toList());
        axes.add(row);
        Nest turned = new Nest(List.copyOf(axes), nest.offsets());
        int height = height(target, row.extent());
        int wanted = Math.ceilDiv(TASKS, turned.outerCount(axes.size() - 1) * panels);
        int length = Math.min(LONGEST_ROW, Math.ceilDiv(row.extent(), wanted));
        return new Rows(turned, row, Math.ceilDiv(length, height) * height, height);
    }

    /** A panel of one vector leaves registers for twice the rows. */
    private int height(Target target, int extent) {
        int most = 2 * target.mostRows();
        boolean single = y.extent(unitAxis) <= target.lanes() && target.vectors() == 2;
        return single && extent >= most ? most : target.rowsFor(extent, target.vectors(), false);
    }

    private Stmt panel(Tiles tiles, Epilogue epilogue, Rows rows, int vectors, int block) {
        List<Stmt> body = new ArrayList<>();
        Index unit = Index.var("u");
        Index outer = unit.dividedBy(rows.perRow());
        for (int v = 0; v < rows.row().strides().size(); v++) {
            Index offset = rows.nest().outerOffset(v, rows.outer(), outer);
            body.add(
                    new Stmt.Bind("base" + v, v == 1 ? offset : offset.plus(Index.var("channel"))));
        }
        int extent = rows.row().extent();
        int rest = extent % rows.height();
        int whole = extent - rest;
        Index start = unit.modulo(rows.perRow()).times(rows.length());
        body.add(new Stmt.Bind("start", start));
        Index end = Index.var("start").plus(rows.length());
        if (whole > 0) {
            Stmt call = call(tiles, epilogue, rows, rows.height(), vectors);
            Index to = end.min(Index.of(whole));
            body.add(new Stmt.For("p", Index.var("start"), to, rows.height(), call));
        }
        if (rest > 0) {
            Stmt call = call(tiles, epilogue, rows, rest, vectors);
            Index from = Index.var("start").max(Index.of(whole));
            body.add(new Stmt.For("p", from, end.min(Index.of(extent)), rest, call));
        }
        Index last = Index.var("first").plus(block).min(Index.of(rows.count()));
        return loop("u", Index.var("first"), last, 1, block(body));
    }

    private Stmt call(Tiles tiles, Epilogue epilogue, Rows rows, int height, int vectors) {
        Loop inner = loops.get(2);
        boolean accumulates = accumulates();
        Nest.Axis row = rows.row();
        StridedTile tile =
                new StridedTile(
                        height,
                        vectors,
                        tiles.target().lanes(),
                        row.stride(1) >= 0 && row.stride(1) * height <= MOST_CONSTANT
                                ? row.stride(1)
                                : 0,
                        constant(inner.sa()),
                        constant(inner.sb()),
                        a.memory(),
                        b.memory(),
                        accumulates);
        Index pixel = Index.var("p");
        Index chunk = accumulates ? Index.var("chunk") : Index.of(0);
        Loop first = loops.getFirst();
        Index count =
                accumulates
                        ? Code.minus(Index.of(first.count()), chunk).min(Index.of(chunk()))
                        : Index.of(first.count());
        List<Index> arguments = new ArrayList<>();
        arguments.add(at(row, pixel, 1).plus(chunk.times(first.sa())));
        arguments.add(Index.of(row.stride(1)));
        arguments.add(at(row, pixel, 2).plus(chunk.times(first.sb())));
        arguments.add(at(row, pixel, 0));
        arguments.add(Index.of(row.stride(0)));
        arguments.addAll(List.of(count, Index.of(first.sa()), Index.of(first.sb())));
        for (Loop loop : loops.subList(1, 3)) {
            arguments.add(Index.of(loop.count()));
            arguments.add(Index.of(loop.sa()));
            arguments.add(Index.of(loop.sb()));
        }
        if (!accumulates) {
            arguments.addAll(
                    epilogue.arguments(e -> at(row, pixel, e + 3), e -> row.stride(e + 3)));
        }
        return new Stmt.Call(tile.function(tiles, epilogue), arguments);
    }

    /** {@code step} as a constant of a tile; 0 where it is to be an argument. */
    static int constant(int step) {
        return step >= 0 && step <= MOST_CONSTANT ? step : 0;
    }

    private static Index at(Nest.Axis row, Index pixel, int view) {
        return pixel.times(row.stride(view)).plus(Index.var("base" + view));
    }
}
