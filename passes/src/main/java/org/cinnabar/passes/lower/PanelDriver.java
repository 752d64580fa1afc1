package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;

/**
 * The loops around {@link PanelTile} for one layer: a task is one panel of output channels over a
 * block of pixel rows, small enough that its input stays in the second-level cache.
 *
 * @param x the input in the output's coordinates: element p is where the window of output p begins;
 *     channel stride 1
 * @param y the output
 * @param channelAxis the axis of both that is summed over and produced
 * @param firstChannel the first channel of the output that this driver produces
 * @param groups independent parts of the channels
 * @param groupChannels input channels of one group
 * @param panels the packed weights of one group
 * @param packed where the packed weights begin
 */
record PanelDriver(
        View x,
        View y,
        int channelAxis,
        int firstChannel,
        int groups,
        int groupChannels,
        Panels panels,
        int packed,
        Taps taps) {
    /**
     * The sum's three loops: {@code n1} × {@code n2} stretches of {@code k} numbers, {@code s1} and
     * {@code s2} apart.
     */
    record Taps(int n1, int s1, int n2, int s2, int k) {
        /** Numbers in one sum. */
        int sum() {
            return stretches() * k;
        }

        int stretches() {
            return n1 * n2;
        }

        /** One of the stretches. */
        Taps stretch() {
            return new Taps(1, 0, 1, 0, k);
        }

        /** From the first stretch to the one of index {@code at}. */
        Index distance(Index at) {
            return at.dividedBy(n2).times(s1).plus(at.modulo(n2).times(s2));
        }

        /** Whether there is one stretch only. */
        boolean isSingle() {
            return stretches() == 1;
        }
    }

    /** Input numbers that a block of rows may span. */
    private static final int BLOCK_NUMBERS = 48 << 10;

    /**
     * Rows that are longer, where maps without borders became one row, are cut for the sake of
     * cache and threads.
     */
    private static final int LONGEST_ROW = 128;

    /** Stretches up to this length gain from constants, and sums from an epilogue, in the tile. */
    private static final int SHORT = 256;

    /** Of those that may have tall tiles instead. */
    private static final int SHORT_OF_TALL = 63;

    /** Longer sums gain too little from constants. */
    private static final int LONG = 1024;

    /** Layers with less than one part in so many of a network do not repay a tile of their own. */
    private static final int LARGE = 100;

    /** Numbers of the next weights that a step asks for: all of them in the first four tiles. */
    private static final int AHEAD = 8;

    /** Weights of fewer numbers are in the cache anyway. */
    private static final int MANY_WEIGHTS = 1 << 14;

    /** Fewer pixels are a single block. */
    private static final int FEW_PIXELS = 112;

    /** Weights of fewer numbers stay in the second-level cache from one block to the next. */
    private static final int FEW_WEIGHTS = 96 << 10;

    /**
     * Multiply-adds with a panel, or a stretch of it, beyond which what follows it is not asked
     * for: the wait for it is little beside them, and two so long would not stay in the
     * second-level cache together.
     */
    private static final int MOST_AHEAD = 2_500_000;

    /** Channels that a single pixel meets at once: enough sums to hide the latency of one. */
    private static final int JOINED = 128;

    Kernel kernel(Tiles tiles, String label, Epilogue epilogue) {
        List<View> views = new ArrayList<>(List.of(y, x));
        epilogue.operands().forEach(o -> views.add(o.view()));
        Nest nest = Nest.over(views, List.of(channelAxis)).withShortRows(LONGEST_ROW);
        int depth = nest.axes().size();
        Nest.Axis row =
                depth > 0
                        ? nest.axes().getLast()
                        : new Nest.Axis(1, views.stream().map(_ -> 0).toList());
        int outer = Math.max(depth - 1, 0);
        int count = nest.outerCount(outer);
        int distance = outer > 0 ? Math.abs(nest.axes().get(outer - 1).stride(1)) : 1;
        int perRow = Math.clamp((long) row.extent() * taps.sum(), 1, Math.max(distance, 1));
        RowBlocks blocks =
                RowBlocks.of(
                        count,
                        row.extent(),
                        groups * panels.full(),
                        panels.hasNarrow() ? groups : 0,
                        hasLargeWeights(),
                        BLOCK_NUMBERS / perRow);

        Target target = tiles.target();
        int vectors = panels.precision().vectors(target, panels.width());
        boolean joins =
                count * row.extent() == 1
                        && groups == 1
                        && vectors * target.lanes() == panels.width();
        int joined = joins ? JOINED / panels.width() : 1;
        int full = panels.full();
        List<Strip> strips =
                List.of(
                        new Strip(0, full / joined, panels.width(), joined),
                        new Strip(full / joined * joined, full % joined, panels.width(), 1),
                        new Strip(full, panels.hasNarrow() ? 1 : 0, Panels.BLOCK, 1));
        Loops loops = new Loops(tiles, epilogue, nest, row, blocks);
        List<Stmt> body = new ArrayList<>();
        int tasks = 0;
        for (Strip strip : strips) {
            int end = tasks + blocks.count(strip.isWide()) * groups * strip.count();
            if (end > tasks) {
                body.add(panelLoop(loops, strip, tasks, end));
            }
            tasks = end;
        }
        return tiles.kernel(label, tasks, block(body));
    }

    /**
     * Whether there is more of the weights than of the input, and more than the cache keeps, or few
     * pixels. Then the blocks of pixels pass over one panel after the other, which is read once and
     * by one thread; else panels over blocks, so that each thread has pixels of its own from layer
     * to layer: what another core has written or read is slow to get back.
     */
    private boolean hasLargeWeights() {
        long weights = groups * (long) panels.size();
        int pixels = y.count() / y.extent(channelAxis);
        return weights > x.count() && (weights > FEW_WEIGHTS || pixels < FEW_PIXELS);
    }

    /**
     * Panels of one form in every group: {@code count} times {@code joined} neighbours of {@code
     * width} from {@code first} on.
     */
    private record Strip(int first, int count, int width, int joined) {
        boolean isWide() {
            return width != Panels.BLOCK;
        }
    }

    /** What the loops over a block of rows share. */
    private record Loops(
            Tiles tiles, Epilogue epilogue, Nest nest, Nest.Axis row, RowBlocks blocks) {}

    /** Tasks [first, last) are those of {@code strip}. */
    private Stmt panelLoop(Loops loops, Strip strip, int first, int last) {
        int perGroup = strip.count();
        int width = strip.width();
        int before = strip.first();
        Index task = Index.var("task").plus(-first);
        RowBlocks rows = loops.blocks();
        int blocks = rows.count(strip.isWide());
        int size = rows.size(strip.isWide());
        Index every = rows.panelsFirst() ? task.dividedBy(blocks) : task.modulo(groups * perGroup);
        Index group = groups == 1 ? Index.of(0) : every.dividedBy(perGroup);
        Index panel = every.modulo(perGroup).times(strip.joined());
        Index from =
                (rows.panelsFirst() ? task.modulo(blocks) : task.dividedBy(groups * perGroup))
                        .times(size);
        List<Stmt> body = new ArrayList<>();
        body.add(
                new Stmt.Bind(
                        "channel",
                        group.times(panels.rows())
                                .plus(panel.times(width))
                                .plus(firstChannel + before * panels.width())));
        body.add(new Stmt.Bind("in", group.times(groupChannels)));
        body.add(
                new Stmt.Bind(
                        "b",
                        group.times(panels.size())
                                .plus(panel.times(panels.stride()))
                                .plus(packed + before * panels.stride())));
        body.add(new Stmt.Bind("first", from));
        Index end = Index.var("first").plus(size).min(Index.of(rows.rows()));
        body.addAll(isCut(loops, strip) ? cut(loops, strip, end) : whole(loops, strip, end));
        return loop(
                "task",
                Index.var("from").max(Index.of(first)),
                Index.var("to").min(Index.of(last)),
                1,
                block(body));
    }

    /** Whether stretches are so short, and the layer so large, that a tile of its own pays. */
    private boolean hasOwnTile(Loops loops) {
        return taps.k() <= shortSum(loops) && taps.sum() <= LONG && isLarge(loops.tiles());
    }

    private int shortSum(Loops loops) {
        return mayBeTall(loops) ? SHORT_OF_TALL : SHORT;
    }

    /**
     * Whether the epilogue is part of the tile. Where it can, it is not: layers share tiles that
     * store bare sums, which the JIT compiles in a third of the time, and a row's sums are still in
     * the first-level cache when the epilogue passes over them. A residual makes a tile larger.
     */
    private boolean isFused(Loops loops) {
        Epilogue epilogue = loops.epilogue();
        int most = shortSum(loops);
        return taps.sum() <= (epilogue.readsTensors() ? most / 2 : most)
                && isLarge(loops.tiles())
                && panels.precision().isContiguous(loops.tiles().target().lanes())
                && epilogue.isUsual()
                && !epilogue.isEmpty();
    }

    private boolean isLarge(Tiles tiles) {
        return tiles.isPart((long) y.count() * taps.sum(), LARGE);
    }

    /** Rows up to {@code end}, each with its epilogue unless that is part of the tiles. */
    private List<Stmt> whole(Loops loops, Strip strip, Index end) {
        List<Stmt> row = tiles(loops, strip, new Pass(taps, false, Index.of(0), Index.of(0)));
        if (!isFused(loops)) {
            row.addAll(epilogue(loops, strip));
        }
        return List.of(rows(loops, strip, end, row));
    }

    /**
     * The same one stretch of the sums after the other: all rows with the weights of one, while
     * they ask for those of the next.
     */
    private List<Stmt> cut(Loops loops, Strip strip, Index end) {
        Taps part = taps.stretch();
        Index cut = Index.var("cut");
        Pass first = new Pass(part, false, Index.of(0), Index.of(0));
        Pass more =
                new Pass(
                        part,
                        true,
                        cut.times(part.sum() * panels.precision().size(strip.width())),
                        taps.distance(cut));
        List<Stmt> body = new ArrayList<>();
        body.add(rows(loops, strip, end, tiles(loops, strip, first)));
        Stmt next = rows(loops, strip, end, tiles(loops, strip, more));
        body.add(loop("cut", Index.of(1), Index.of(taps.stretches()), 1, next));
        if (!loops.epilogue().isEmpty()) {
            body.add(rows(loops, strip, end, epilogue(loops, strip)));
        }
        return body;
    }

    /**
     * What a tile sums: {@code taps}, from {@code weights} and {@code inputs} numbers after the
     * first ones on, and what the outputs hold if it {@code adds}.
     */
    private record Pass(Taps taps, boolean adds, Index weights, Index inputs) {}

    /** {@code row} for every row up to {@code end}. */
    private Stmt rows(Loops loops, Strip strip, Index end, List<Stmt> row) {
        Nest nest = loops.nest();
        int outer = Math.max(nest.axes().size() - 1, 0);
        List<Stmt> body = new ArrayList<>();
        for (int v = 0; v < loops.row().strides().size(); v++) {
            Index start = v == 1 ? Index.var("in") : Index.var("channel").plus(Index.var("part"));
            Index offset = nest.outerOffset(v, outer, Index.var("u"));
            body.add(new Stmt.Bind("base" + v, offset.plus(start)));
        }
        body.addAll(row);
        Target target = loops.tiles().target();
        return loop(
                "u",
                Index.var("first"),
                end,
                1,
                panels.precision().parts(target, strip.width(), block(body)));
    }

    /** One row of pixels: tiles of full height, then a lower one. */
    private List<Stmt> tiles(Loops loops, Strip strip, Pass pass) {
        Nest.Axis row = loops.row();
        int height = height(loops, vectors(loops, strip));
        int rest = row.extent() % height;
        int end = row.extent() - rest;
        List<Stmt> body = new ArrayList<>();
        if (end == height) {
            body.add(call(loops, strip, pass, height, Index.of(0)));
        } else if (end > 0) {
            Stmt call = call(loops, strip, pass, height, Index.var("p"));
            body.add(new Stmt.For("p", Index.of(0), Index.of(end), height, call));
        }
        if (rest > 0) {
            body.add(call(loops, strip, pass, rest, Index.of(end)));
        }
        return body;
    }

    private int vectors(Loops loops, Strip strip) {
        return panels.precision().vectors(loops.tiles().target(), strip.width());
    }

    /** Pixels in most tiles of a row. */
    private int height(Loops loops, int vectors) {
        Target target = loops.tiles().target();
        Nest.Axis row = loops.row();
        return isTall(loops, vectors)
                ? target.tallRowsFor(row.extent(), row.stride(1), asksAhead(loops))
                : target.rowsFor(row.extent(), vectors, hasOwnTile(loops));
    }

    /** Whether the tile is as {@link Target#tallRowsFor} has it. */
    private boolean isTall(Loops loops, int vectors) {
        return mayBeTall(loops)
                && vectors == loops.tiles().target().vectors()
                && isLarge(loops.tiles())
                && !hasOwnTile(loops);
    }

    private boolean mayBeTall(Loops loops) {
        Target target = loops.tiles().target();
        return target.hasTall()
                && panels.precision() == Precision.FP32
                && taps.isSingle()
                && (taps.k() > SHORT || !asksAhead(loops))
                && loops.row().extent() > target.mostRows();
    }

    /** The epilogue of a row of pixels whose sums are stored. */
    private List<Stmt> epilogue(Loops loops, Strip strip) {
        Nest.Axis row = loops.row();
        List<Stmt> calls = new ArrayList<>();
        if (loops.epilogue().isEmpty()) {
            return calls;
        }
        int vectors = vectors(loops, strip);
        int lanes = loops.tiles().target().lanes();
        int neighbours = panels.precision().isContiguous(lanes) ? vectors : 1;
        EpilogueRow function = new EpilogueRow(neighbours, lanes);
        for (int v = 0; v < strip.joined() * vectors; v += neighbours) {
            int channel =
                    v / vectors * strip.width() + v % vectors * panels.precision().distance(lanes);
            calls.add(
                    function.call(
                            loops.tiles(),
                            loops.epilogue(),
                            place(row, 0, Index.of(0)).plus(channel),
                            row.stride(0),
                            e -> place(row, e + 2, Index.of(0)).plus(channel),
                            e -> row.stride(e + 2),
                            row.extent()));
        }
        return calls;
    }

    /** Numbers of the following weights that a step of a tile asks for. */
    private int ahead(Loops loops, Strip strip) {
        return asksAhead(loops) && strip.isWide() && strip.joined() == 1 ? AHEAD : 0;
    }

    /** Whether tiles of full panels ask for the weights that follow theirs. */
    private boolean asksAhead(Loops loops) {
        return mayAskAhead(loops) && multiplyAdds(loops) <= MOST_AHEAD || isCut(loops);
    }

    private boolean isCut(Loops loops, Strip strip) {
        return isCut(loops) && strip.isWide();
    }

    /** Whether that takes cutting sums of full panels. */
    private boolean isCut(Loops loops) {
        long all = multiplyAdds(loops);
        return mayAskAhead(loops) && all > MOST_AHEAD && all / taps.stretches() <= MOST_AHEAD;
    }

    /** Threads that share panels would take them from each other. */
    private boolean mayAskAhead(Loops loops) {
        return loops.tiles().target().prefetches()
                && loops.blocks().panelsFirst()
                && groups * (long) panels.size() >= MANY_WEIGHTS;
    }

    /** With one panel. */
    private long multiplyAdds(Loops loops) {
        return (long) loops.blocks().rows() * loops.row().extent() * panels.stride();
    }

    private Stmt call(Loops loops, Strip strip, Pass pass, int rows, Index pixel) {
        Nest.Axis row = loops.row();
        Tiles tiles = loops.tiles();
        int vectors = vectors(loops, strip);
        Taps taps = pass.taps();
        Epilogue epilogue = loops.epilogue();
        Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("da", row.stride(1));
        numbers.put("dout", row.stride(0));
        numbers.put("n1", taps.n1());
        numbers.put("s1", taps.s1());
        numbers.put("n2", taps.n2());
        numbers.put("s2", taps.s2());
        numbers.put("k", taps.k());
        numbers.put("db", panels.stride());
        int ahead = ahead(loops, strip);
        PanelTile tile =
                new PanelTile(
                        rows,
                        vectors,
                        strip.joined(),
                        tiles.target().lanes(),
                        strip.width(),
                        panels.precision(),
                        Memory.WEIGHTS,
                        strip.joined() == 1
                                ? panels.precision().steps(tiles.target(), taps.k())
                                : 1,
                        ahead,
                        pass.adds(),
                        constants(loops, vectors, rows, numbers));
        Map<String, Index> values = new HashMap<>();
        numbers.forEach((name, number) -> values.put(name, Index.of(number)));
        Index weights = Index.var("b").plus(pass.weights());
        values.put("a", place(row, 1, pixel).plus(pass.inputs()));
        values.put("b", weights.plus(Index.var("part")));
        values.put("o", place(row, 0, pixel));
        if (ahead > 0) {
            int height = height(loops, vectors);
            Index passes =
                    minus(Index.var("u"), Index.var("first"))
                            .times(Math.ceilDiv(row.extent(), height))
                            .plus(pixel.dividedBy(height));
            int size = panels.precision().size(strip.width());
            int last =
                    packed
                            + (groups - 1) * panels.size()
                            + panels.full() * panels.stride()
                            - taps.sum() * size;
            values.put(
                    "next",
                    passes.modulo(size / ahead)
                            .times(ahead * taps.sum())
                            .plus(weights.plus(taps.sum() * size).min(Index.of(last))));
        }
        List<Index> arguments = new ArrayList<>(tile.arguments(values));
        if (!isFused(loops)) {
            return new Stmt.Call(tile.function(tiles), arguments);
        }
        arguments.addAll(epilogue.arguments(e -> place(row, e + 2, pixel), e -> row.stride(e + 2)));
        return new Stmt.Call(tile.function(tiles, epilogue), arguments);
    }

    /** Those of {@code numbers}, a tile's parameters, that are part of the code. */
    private Map<String, Integer> constants(
            Loops loops, int vectors, int rows, Map<String, Integer> numbers) {
        Tiles tiles = loops.tiles();
        boolean isMain = rows == height(loops, vectors);
        if (isMain && isTall(loops, vectors)) {
            return PanelTile.singleLoop(loops.row().stride(1));
        }
        if (hasOwnTile(loops)) {
            return numbers;
        }
        boolean fixesDistance = isMain && tiles.target().fixesDistances() && isLarge(tiles);
        return fixesDistance ? Map.of("da", loops.row().stride(1)) : Map.of();
    }

    /** Where {@code pixel} of a row is in view {@code v}. */
    private static Index place(Nest.Axis row, int v, Index pixel) {
        return pixel.times(row.stride(v)).plus(Index.var("base" + v));
    }
}
