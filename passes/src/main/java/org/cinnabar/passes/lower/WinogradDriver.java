package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.passes.transform.CookToom;

/**
 * The loops of a Winograd convolution. A chunk's input is transformed, row by row through a strip;
 * then for every panel of output channels the products are summed over the input channels and
 * transformed back. Chunks are the tasks, or, of a map of one chunk, panels, so that its weights
 * are read once. Filters that are computed are transformed by a kernel of their own before;
 * constant ones may be transformed online, a row of a panel at a time, just before its products.
 */
final class WinogradDriver {
    /** What the numbers that a step asks for are a multiple of. */
    private static final int AHEAD = 8;

    private final Site site;
    private final Tiles tiles;
    private final WinogradTiling tiling;
    private final WinogradMemory memory;
    private final View x;
    private final View y;
    private final boolean isComputed;
    private final int filters;
    private final Epilogue epilogue;
    private final int lanes;

    WinogradDriver(Site site, Tiles tiles, WinogradTiling tiling) {
        this.site = site;
        this.tiles = tiles;
        this.tiling = tiling;
        this.memory = new WinogradMemory(tiling);
        this.y = site.output();
        Node root = site.group().root();
        this.x = Borders.windows(site.view(root.in(0)), ((Conv) root.op()).window(), y);
        this.isComputed = WinogradTiling.isComputed(root);
        this.filters = isComputed ? site.scratch() : site.packed();
        this.epilogue = new Epilogue(site, 1);
        this.lanes = tiles.target().lanes();
    }

    /** A row of tiles, or its part, in a chunk. */
    private record Strip(Index image, Index row, Index column, Index tiles, Index inChunk) {}

    List<Kernel> kernels() {
        String label = site.group().label();
        Index from = Index.var(Kernel.RANGE.get(0));
        Index to = Index.var(Kernel.RANGE.get(1));
        List<Stmt> body = new ArrayList<>(memory.areas());
        int tasks = tiling.chunks();
        if (tasks == 1) {
            // Whoever computes some of the panels transforms the input again: another core's cache
            // is further away than that takes.
            tasks = panelCount();
            body.addAll(chunk(Index.of(0), from, to));
        } else {
            Stmt chunk = block(chunk(Index.var("chunk"), Index.of(0), Index.of(panelCount())));
            body.add(loop("chunk", from, to, 1, chunk));
        }
        Kernel convolution = tiles.kernel(label, tasks, memory.size(), block(body));
        return isComputed
                ? List.of(new WinogradFilters(site, tiling, filters).kernel(tiles), convolution)
                : List.of(convolution);
    }

    private int panelCount() {
        return tiling.groups() * tiling.panelCount();
    }

    /** The panels {@code from} to {@code to} of {@code chunk}. */
    private List<Stmt> chunk(Index chunk, Index from, Index to) {
        Index band = chunk.dividedBy(tiling.parts());
        int columns = tiling.chunkColumns();
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind("firstRow", firstRow(band)));
        body.add(new Stmt.Bind("rows", minus(firstRow(band.plus(1)), Index.var("firstRow"))));
        body.add(new Stmt.Bind("column", chunk.modulo(tiling.parts()).times(columns)));
        Index rest = minus(Index.of(tiling.columns().tiles()), Index.var("column"));
        body.add(new Stmt.Bind("columns", rest.min(Index.of(columns))));
        Stmt transform =
                loop(
                        "block",
                        Index.of(tiling.blocks()),
                        transform(strip(Index.var("r")), Index.var("block")));
        body.add(loop("r", Index.var("rows"), transform));
        body.addAll(panels(from, to));
        return body;
    }

    /** The first row of tiles in {@code band}. */
    private Index firstRow(Index band) {
        return band.times(tiling.tileRows()).dividedBy(tiling.bands());
    }

    /** Row {@code r} of the chunk. */
    private Strip strip(Index r) {
        Index row = Index.var("firstRow").plus(r);
        return new Strip(
                row.dividedBy(tiling.rows().tiles()),
                row.modulo(tiling.rows().tiles()),
                Index.var("column"),
                Index.var("columns"),
                r.times(tiling.chunkColumns()));
    }

    /** Transforms the input of a strip, block {@code block} of its channels. */
    private Stmt transform(Strip strip, Index block) {
        int width = tiling.blockChannels();
        WinogradTiling.Axis rows = tiling.rows();
        WinogradTiling.Axis columns = tiling.columns();
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind("channel", block.times(width)));
        Index channel = Index.var("channel");
        Index left = minus(Index.of(tiling.channels()), channel);
        body.add(new Stmt.Bind("width", left.min(Index.of(width))));
        Index source =
                at(
                        x,
                        strip.image(),
                        channel,
                        strip.row().times(rows.step()),
                        strip.column().times(columns.step()));
        Index to = strip.inChunk().times(tiling.pitch()).plus(channel).plus(Index.var("input"));
        body.add(new Stmt.Bind("source", source));
        body.add(new Stmt.Bind("target", to));
        TileTransform transform = new TileTransform("winograd_in", rows.inputs(), columns.inputs());
        body.add(
                transform.stmt(
                        tiles,
                        new TileTransform.Source(
                                Index.var("source"),
                                x.stride(2) / rows.algorithm().stride(),
                                x.stride(x.rank() - 1) / columns.algorithm().stride()),
                        new TileTransform.Strip(Index.var("strip"), tiling.stripRow()),
                        new TileTransform.Result(
                                Index.var("target"),
                                tiling.inputRow(),
                                tiling.inputColumn(),
                                tiling.pitch()),
                        strip.tiles(),
                        width,
                        Index.var("width")));
        return block(body);
    }

    /** The panels {@code from} to {@code to} of all groups over the current chunk. */
    private List<Stmt> panels(Index from, Index to) {
        List<Stmt> loops = new ArrayList<>();
        Panels panels = tiling.panels();
        int wide = tiling.groups() * panels.full();
        if (wide > 0) {
            loops.add(panels(from, to.min(Index.of(wide)), 0, panels.full(), panels.width()));
        }
        if (panels.hasNarrow()) {
            loops.add(panels(from.max(Index.of(wide)), to, wide, 1, Panels.BLOCK));
        }
        return loops;
    }

    private Stmt panels(Index from, Index to, int first, int perGroup, int width) {
        Panels panels = tiling.panels();
        int skipped = width == panels.width() ? 0 : panels.full();
        Index panel = Index.var("panel").plus(-first);
        Index group = panel.dividedBy(perGroup);
        Index inGroup = panel.modulo(perGroup).plus(skipped);
        List<Stmt> body = new ArrayList<>();
        body.add(
                new Stmt.Bind(
                        "output",
                        group.times(tiling.outputs()).plus(inGroup.times(panels.width()))));
        body.add(
                new Stmt.Bind("groupInput", group.times(tiling.inputs()).plus(Index.var("input"))));
        body.add(
                new Stmt.Bind(
                        "kernels",
                        group.times(tiling.stored().size())
                                .plus(inGroup.times(tiling.stored().stride()))
                                .plus(filters)));
        Index whole = Index.var("rows").plus(-1).times(tiling.chunkColumns());
        body.add(new Stmt.Bind("count", whole.plus(Index.var("columns"))));
        body.add(multiply(width));
        body.add(new WinogradOutput(tiles, tiling, y, epilogue).stmt(width));
        return loop("panel", from, to, 1, block(body));
    }

    /** The products of one panel, summed over the input channels. */
    private Stmt multiply(int width) {
        Target target = tiles.target();
        Precision precision = tiling.storage().precision();
        int vectors = precision.vectors(target, width);
        int height = tiling.height(target);
        int ahead = ahead(target, width);
        Memory from = isComputed || tiling.isOnline() ? Memory.ARENA : Memory.WEIGHTS;
        int inputs = tiling.inputs();
        int steps = precision.steps(target, inputs, height * vectors);
        Map<String, Integer> constants = new HashMap<>();
        if (tiling.isTall(target)) {
            constants.putAll(PanelTile.singleLoop(tiling.pitch(), inputs));
            constants.put("dout", width);
        } else if (target.fixesDistances()) {
            constants.put("da", tiling.pitch());
        }
        PanelTile tile =
                new PanelTile(
                        height, vectors, 1, lanes, width, precision, from, steps, ahead, false,
                        constants);
        Index i = Index.var("i");
        Index j = Index.var("j");
        Index t = Index.var("t");
        Index part = Index.var("part");
        Map<String, Index> values = new HashMap<>();
        values.put(
                "a",
                i.times(tiling.inputRow())
                        .plus(j.times(tiling.inputColumn()))
                        .plus(t.times(tiling.pitch()))
                        .plus(Index.var("groupInput")));
        values.put("da", Index.of(tiling.pitch()));
        Index filter =
                tiling.isOnline()
                        ? j.times(tiling.filterColumn()).plus(Index.var("filters"))
                        : i.times(tiling.columns().size())
                                .plus(j)
                                .times(tiling.panels().stretch(width))
                                .plus(Index.var("kernels"));
        values.put("b", filter.plus(part).plus(precision.scales()));
        values.put("scales", filter.plus(part));
        values.put(
                "o",
                i.times(tiling.productRow())
                        .plus(j.times(tiling.productColumn()))
                        .plus(t.times(width))
                        .plus(part)
                        .plus(Index.var("products")));
        values.put("dout", Index.of(width));
        values.putAll(PanelTile.stretch(inputs));
        if (ahead > 0) {
            values.put("next", next(width, height, ahead));
        }
        Stmt call = new Stmt.Call(tile.function(tiles), tile.arguments(values));
        Stmt blocks = loop("t", Index.of(0), Index.var("count"), height, call);
        Stmt row =
                loop(
                        "j",
                        Index.of(tiling.columns().size()),
                        precision.parts(target, width, blocks));
        if (!tiling.isOnline()) {
            return loop("i", Index.of(tiling.rows().size()), row);
        }
        List<Stmt> rows = new ArrayList<>();
        for (int at = 0; at < tiling.rows().size(); at++) {
            rows.add(block(new Stmt.Bind("i", Index.of(at)), filters(at, width), row));
        }
        return block(rows);
    }

    /**
     * Numbers of the next product's filters that a step asks for ahead of their use, all of them in
     * all blocks of tiles.
     */
    private int ahead(Target target, int width) {
        if (!target.prefetches() || isComputed || !tiling.readsFromFar()) {
            return 0;
        }
        int blocks = Math.ceilDiv(tiling.chunkTiles(), tiling.height(target));
        return AHEAD * Math.ceilDiv(tiling.storage().precision().size(width), AHEAD * blocks);
    }

    /** Where they begin. */
    private Index next(int width, int height, int ahead) {
        int each = tiling.panels().stretch(width);
        int size = tiling.storage().precision().size(width);
        int last = filters + tiling.groups() * tiling.stored().size() - each;
        Index product = Index.var("i").times(tiling.columns().size()).plus(Index.var("j"));
        Index block = Index.var("t").dividedBy(height).modulo(size / ahead);
        return product.plus(1)
                .times(each)
                .plus(Index.var("kernels"))
                .min(Index.of(last))
                .plus(block.times(tiling.inputs() * ahead));
    }

    /** Transforms filters of a panel to row {@code row} of the result. */
    private Stmt filters(int row, int width) {
        CookToom columns = tiling.columns().algorithm();
        int all = tiling.inputs() * width;
        return new TransformTile(
                        "winograd_filter_" + row,
                        tiling.rows().algorithm().filterCircuit(row, columns),
                        lanes,
                        Memory.WEIGHTS)
                .call(
                        tiles,
                        new TransformTile.Side(Index.var("kernels"), all, all),
                        new TransformTile.Side(Index.var("filters"), tiling.filterColumn(), all),
                        Index.of(1),
                        Index.of(all));
    }

    /** Where channel {@code channel} of a pixel of {@code view} lies. */
    static Index at(View view, Index image, Index channel, Index row, Index column) {
        return view.rank() == 3
                ? view.at(List.of(image, channel, column))
                : view.at(List.of(image, channel, row, column));
    }
}
