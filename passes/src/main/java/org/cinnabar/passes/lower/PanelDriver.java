package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;

/**
 * The loops around {@link PanelTile} for one layer: panels of output channels over blocks of pixel
 * rows, small enough that their input stays in the second-level cache, in an order of {@link
 * RowBlocks}.
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
    /** Input numbers that a block of rows may span. */
    private static final int BLOCK_NUMBERS = 48 << 10;

    /**
     * Rows that are longer, where maps without borders became one row, are cut for the sake of
     * cache and threads.
     */
    private static final int LONGEST_ROW = 128;

    /**
     * Numbers of a sum at a time where sums are cut: what two vectors of channels have as weights
     * for them stays in the cache for all rows of a block.
     */
    static final int LONGEST = 512;

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

    /** Panels that repay to make one row of short ones. */
    private static final int FEW_PANELS = 4;

    /** Pixels that meet one panel of a group after the other. */
    private static final int GROUPED_ROW = 28;

    /** Weights of a group of panels: they stay in the second-level cache for all blocks. */
    private static final int GROUP_NUMBERS = 64 << 10;

    /** Vectors of channels that a single pixel meets at once: enough to hide a sum's latency. */
    private static final int JOINED = 8;

    Kernel kernel(Tiles tiles, String label, Epilogue epilogue) {
        List<View> views = new ArrayList<>(List.of(y, x));
        epilogue.operands().forEach(o -> views.add(o.view()));
        Nest results = Nest.over(views, List.of(channelAxis)).withShortRows(longestRow());
        Nest nest = joinsRows(tiles) ? oneRow(results) : results;
        int depth = nest.axes().size();
        Nest.Axis row =
                depth > 0
                        ? nest.axes().getLast()
                        : new Nest.Axis(1, views.stream().map(_ -> 0).toList());
        int outer = Math.max(depth - 1, 0);
        int count = nest.outerCount(outer);
        PanelForm form = form(tiles, row, count, taps.divided(LONGEST));
        if (!form.isCut()) {
            form = form(tiles, row, count, taps);
        }
        int distance = outer > 0 ? Math.abs(nest.axes().get(outer - 1).stride(1)) : 1;
        long read = Math.min((long) row.extent() * taps.sum(), distance);
        int stretches = taps.isSingle() ? form.taps().stretches() : 1;
        RowBlocks blocks =
                RowBlocks.of(
                        count,
                        row.extent(),
                        groups * panels.full(),
                        panels.hasNarrow() ? groups : 0,
                        order(),
                        BLOCK_NUMBERS / Math.max(1, (int) read / stretches));

        Target target = tiles.target();
        int vectors = panels.precision().vectors(target, panels.width());
        boolean joins =
                count * row.extent() == 1
                        && groups == 1
                        && vectors * target.lanes() == panels.width();
        int joined = joins ? Math.max(1, JOINED / vectors) : 1;
        int full = panels.full();
        List<Strip> strips =
                List.of(
                        new Strip(0, full / joined, panels.width(), joined),
                        new Strip(full / joined * joined, full % joined, panels.width(), 1),
                        new Strip(full, panels.hasNarrow() ? 1 : 0, Panels.BLOCK, 1));
        Loops loops = new Loops(tiles, epilogue, nest, row, results, blocks, form);
        int own =
                strips.stream()
                        .mapToInt(strip -> new PanelSums(loops, strip).own())
                        .max()
                        .orElse(0);
        List<Stmt> body = new ArrayList<>();
        int tasks = 0;
        for (Strip strip : strips) {
            int each = blocks.panelsFirst() ? blocks.count(strip.isWide()) : 1;
            int end = tasks + each * groups * strip.count();
            if (end > tasks) {
                body.add(panelLoop(loops, strip, tasks, end));
            }
            tasks = end;
        }
        boolean cutsBlocks = blocks.order() == RowBlocks.Order.BLOCKS;
        int all = cutsBlocks ? blocks.count(true) * tasks : tasks;
        return tiles.kernel(label, all, own, ordered(blocks, tasks, body));
    }

    /**
     * The loops in which {@code body} does those of a block's {@code tasks} that are from {@code
     * start} to {@code end}, or of all.
     */
    private Stmt ordered(RowBlocks blocks, int tasks, List<Stmt> body) {
        Index from = Index.var("from");
        Index to = Index.var("to");
        Index block = Index.var("block");
        return switch (blocks.order()) {
            case PANELS -> between(from, to, body);
            case BLOCKS -> {
                Index before = block.times(tasks);
                yield loop(
                        "block",
                        from.dividedBy(tasks),
                        to.plus(tasks - 1).dividedBy(tasks),
                        1,
                        between(minus(from, before), minus(to, before), body));
            }
            case GROUPS -> {
                int size = Math.max(1, GROUP_NUMBERS / panels.stride());
                Index group = Index.var("group");
                Stmt panels = between(group, group.plus(size).min(to), body);
                yield loop("group", from, to, size, loop("block", Index.of(blocks.rows()), panels));
            }
        };
    }

    private static Stmt between(Index start, Index end, List<Stmt> body) {
        List<Stmt> all = new ArrayList<>();
        all.add(new Stmt.Bind("start", start));
        all.add(new Stmt.Bind("end", end));
        all.addAll(body);
        return block(all);
    }

    /**
     * Whether the rows of the results are too short for tall tiles, and its input, whose pixels are
     * at even distances, one row for them: then sums are apart from the results.
     */
    private boolean joinsRows(Tiles tiles) {
        return hasShortRows(tiles) && isEven();
    }

    /** The same with another input, where sums are over {@code sums}. */
    PanelDriver over(View input, Taps sums) {
        return new PanelDriver(
                input, y, channelAxis, firstChannel, groups, sums.sum(), panels, packed, sums);
    }

    /** Whether a map has short rows and pixels, panels and sums that repay to make one of them. */
    boolean hasShortRows(Tiles tiles) {
        Target target = tiles.target();
        int pixels = y.count() / y.extent(channelAxis);
        return target.hasTall()
                && groups == 1
                && panels.full() >= FEW_PANELS
                && taps.sum() >= LONGEST
                && !isBand()
                && pixels > target.mostRows()
                && pixels <= LONGEST_ROW
                && isLarge(tiles)
                && axes().getLast().extent() <= target.mostRows();
    }

    /** Whether this is a part of a map, the last of which left the weights in the cache. */
    private boolean isBand() {
        return !(y.offset() instanceof Index.Const);
    }

    /**
     * Whether neighbours of all pixels of the input, in the order of the results, are equally far
     * from each other.
     */
    boolean isEven() {
        List<Nest.Axis> axes = axes();
        return IntStream.range(1, axes.size())
                .allMatch(
                        i ->
                                axes.get(i - 1).stride(1)
                                        == axes.get(i).stride(1) * axes.get(i).extent());
    }

    /** The loops over the pixels of the results, 0, and the input, 1. */
    private List<Nest.Axis> axes() {
        return Nest.over(List.of(y, x), List.of(channelAxis)).axes();
    }

    /** All pixels of the input as one row, those of {@code results} at no distances. */
    private Nest oneRow(Nest results) {
        int distance = axes().getLast().stride(1);
        List<Integer> strides =
                IntStream.range(0, results.offsets().size())
                        .mapToObj(v -> v == 1 ? distance : 0)
                        .toList();
        int pixels = y.count() / y.extent(channelAxis);
        return new Nest(List.of(new Nest.Axis(pixels, strides)), results.offsets());
    }

    private boolean isLarge(Tiles tiles) {
        return tiles.isPart((long) y.count() * taps.sum(), LARGE);
    }

    private PanelForm form(Tiles tiles, Nest.Axis row, int count, Taps sums) {
        return new PanelForm(
                tiles.target(),
                sums,
                panels.precision(),
                row,
                isLarge(tiles),
                order() == RowBlocks.Order.PANELS
                        && groups * (long) panels.size() >= MANY_WEIGHTS
                        && !isBand(),
                (long) count * row.extent(),
                panels.stride());
    }

    /**
     * Large weights are divided between threads by panels, each of which is read once and by one of
     * them; in groups, if sums are not cut, so that a pixel's results are written in long runs.
     * Other layers are divided by pixels, so that each thread has some of its own from layer to
     * layer: what another core has written or read is slow to get back.
     */
    private RowBlocks.Order order() {
        if (!hasLargeWeights()) {
            return RowBlocks.Order.BLOCKS;
        }
        int pixels = y.count() / y.extent(channelAxis);
        boolean isCut = !taps.isSingle() || taps.sum() > LONGEST;
        return groups > 1 || isCut || pixels <= LONGEST_ROW || isBand()
                ? RowBlocks.Order.PANELS
                : RowBlocks.Order.GROUPS;
    }

    private int longestRow() {
        return order() == RowBlocks.Order.GROUPS ? GROUPED_ROW : LONGEST_ROW;
    }

    /**
     * Whether there is more of the weights than of the input, and more than the cache keeps, or few
     * pixels.
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
    record Strip(int first, int count, int width, int joined) {
        boolean isWide() {
            return width != Panels.BLOCK;
        }

        /** Channels that a tile computes, or several one after the other. */
        int channels() {
            return joined * width;
        }
    }

    /**
     * What the loops over a block of rows share: {@code nest} of tiles, of {@code results} that
     * epilogues pass over.
     */
    record Loops(
            Tiles tiles,
            Epilogue epilogue,
            Nest nest,
            Nest.Axis row,
            Nest results,
            RowBlocks blocks,
            PanelForm form) {
        boolean joinsRows() {
            return nest != results;
        }

        /** Whether the sums of {@code strip} are done stretch by stretch. */
        boolean isCut(Strip strip) {
            return form.isCut() && strip.isWide();
        }

        int vectors(Strip strip) {
            return form.precision().vectors(tiles.target(), strip.width());
        }
    }

    /**
     * Tasks [first, last), of all or of a block, are those of {@code strip}; those from {@code
     * start} to {@code end} are to be done.
     */
    private Stmt panelLoop(Loops loops, Strip strip, int first, int last) {
        int perGroup = strip.count();
        int width = strip.width();
        int before = strip.first();
        Index task = Index.var("task").plus(-first);
        RowBlocks rows = loops.blocks();
        int blocks = rows.count(strip.isWide());
        int size = rows.size(strip.isWide());
        Index every = rows.panelsFirst() ? task.dividedBy(blocks) : task;
        Index group = groups == 1 ? Index.of(0) : every.dividedBy(perGroup);
        Index panel = every.modulo(perGroup).times(strip.joined());
        Index from = (rows.panelsFirst() ? task.modulo(blocks) : Index.var("block")).times(size);
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
        body.addAll(loops.isCut(strip) ? cut(loops, strip, end) : whole(loops, strip, end));
        return loop(
                "task",
                Index.var("start").max(Index.of(first)),
                Index.var("end").min(Index.of(last)),
                1,
                block(body));
    }

    /** Rows up to {@code end}, each with its epilogue unless that is part of the tiles. */
    private List<Stmt> whole(Loops loops, Strip strip, Index end) {
        List<Stmt> row = tiles(loops, strip, new Pass(taps, false, Index.of(0), Index.of(0)));
        if (!loops.form().isFused(loops.epilogue())) {
            row.addAll(new PanelSums(loops, strip).epilogue());
        }
        return List.of(rows(loops, strip, end, row));
    }

    /**
     * The same one stretch of the sums after the other: all rows with the weights of one, whose
     * tiles have a single loop, or ask for those of the next meanwhile. All add to what is there,
     * zeros at first, so that one tile will do.
     */
    private List<Stmt> cut(Loops loops, Strip strip, Index end) {
        Taps taps = loops.form().taps();
        Taps part = taps.stretch();
        Index cut = Index.var("cut");
        Pass pass =
                new Pass(
                        part,
                        true,
                        cut.times(part.sum() * panels.precision().size(strip.width())),
                        taps.distance(cut));
        List<Stmt> body = new ArrayList<>();
        PanelSums sums = new PanelSums(loops, strip);
        if (!sums.addInPlace()) {
            body.add(rows(loops, strip, end, sums.zeros()));
        }
        Stmt next = rows(loops, strip, end, tiles(loops, strip, pass));
        body.add(loop("cut", Index.of(0), Index.of(taps.stretches()), 1, next));
        List<Stmt> calls = sums.epilogue();
        if (!calls.isEmpty()) {
            body.add(rows(loops, strip, end, calls));
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
        int height = loops.form().height(loops.vectors(strip));
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

    /** Numbers of the following weights that a step of a tile asks for. */
    private int ahead(Loops loops, Strip strip) {
        return loops.form().asksAhead() && strip.isWide() && strip.joined() == 1 ? AHEAD : 0;
    }

    private Stmt call(Loops loops, Strip strip, Pass pass, int rows, Index pixel) {
        Nest.Axis row = loops.row();
        Tiles tiles = loops.tiles();
        int vectors = loops.vectors(strip);
        Taps taps = pass.taps();
        Epilogue epilogue = loops.epilogue();
        PanelSums sums = new PanelSums(loops, strip);
        Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("da", row.stride(1));
        numbers.put("dout", sums.distance());
        numbers.put("n1", taps.n1());
        numbers.put("s1", taps.s1());
        numbers.put("n2", taps.n2());
        numbers.put("s2", taps.s2());
        numbers.put("k", taps.k());
        numbers.put("db", panels.stride());
        int ahead = ahead(loops, strip);
        // Where there are tall tiles, the others gain too little for what they take the JIT.
        boolean isStepped = !tiles.target().hasTall() && strip.joined() == 1;
        int steps =
                isStepped ? panels.precision().steps(tiles.target(), taps.k(), rows * vectors) : 1;
        PanelTile tile =
                new PanelTile(
                        rows,
                        vectors,
                        strip.joined(),
                        tiles.target().lanes(),
                        strip.width(),
                        panels.precision(),
                        Memory.WEIGHTS,
                        steps,
                        ahead,
                        pass.adds(),
                        loops.form().constants(vectors, rows, numbers));
        Map<String, Index> values = new HashMap<>();
        numbers.forEach((name, number) -> values.put(name, Index.of(number)));
        Index weights = Index.var("b").plus(pass.weights());
        values.put("a", place(row, 1, pixel).plus(pass.inputs()));
        values.put("b", weights.plus(Index.var("part")).plus(panels.precision().scales()));
        values.put("scales", Index.var("b").plus(Index.var("part")));
        values.put("o", sums.at(pixel));
        if (ahead > 0) {
            int height = loops.form().height(vectors);
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
        if (!loops.form().isFused(epilogue)) {
            return new Stmt.Call(tile.function(tiles), arguments);
        }
        arguments.addAll(epilogue.arguments(e -> place(row, e + 2, pixel), e -> row.stride(e + 2)));
        return new Stmt.Call(tile.function(tiles, epilogue), arguments);
    }

    /** Where {@code pixel} of a row is in view {@code v}. */
    private static Index place(Nest.Axis row, int v, Index pixel) {
        return pixel.times(row.stride(v)).plus(Index.var("base" + v));
    }
}
