package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.passes.transform.Circuit;

/**
 * The loops of a correlation by Winograd's algorithm. A task goes through the chunks of its part:
 * it transforms tiles of both operands and adds the products of every position to the part's sums.
 * A second kernel adds up the parts and transforms the sums back.
 */
final class CorrelateDriver {
    private final Site site;
    private final Tiles tiles;
    private final CorrelateTiling tiling;
    private final int lanes;

    CorrelateDriver(Site site, Tiles tiles, CorrelateTiling tiling) {
        this.site = site;
        this.tiles = tiles;
        this.tiling = tiling;
        this.lanes = tiles.target().lanes();
    }

    List<Kernel> kernels() {
        return List.of(sums(), back());
    }

    private Kernel sums() {
        int inputs = tiling.transformed(tiling.paddedInputs());
        int gradients = tiling.transformed(tiling.paddedOutputs());
        Index own = Index.var("own");
        Index part = Index.var("part");
        Index row = Index.var("row");
        List<Stmt> chunk = new ArrayList<>();
        chunk.add(
                new Stmt.Bind(
                        "rows", minus(Index.var("end"), row).min(Index.of(tiling.chunkRows()))));
        chunk.add(
                loop(
                        "r",
                        Index.var("rows"),
                        block(
                                transform(
                                        tiling.ofInputs(),
                                        windows(),
                                        tiling.paddedInputs(),
                                        "input"),
                                transform(
                                        tiling.ofGradients(),
                                        site.view(site.group().root().in(1)),
                                        tiling.paddedOutputs(),
                                        "gradient"))));
        chunk.add(new Stmt.Bind("count", Index.var("rows").times(tiling.columns().tiles())));
        chunk.add(multiply());
        List<Stmt> task = new ArrayList<>();
        task.add(new Stmt.Bind("sums", part.times(tiling.partSize()).plus(site.scratch())));
        task.add(zero());
        task.add(new Stmt.Bind("end", first(part.plus(1))));
        task.add(loop("row", first(part), Index.var("end"), tiling.chunkRows(), block(chunk)));
        Stmt body =
                block(
                        new Stmt.Bind("input", own),
                        new Stmt.Bind("gradient", own.plus(inputs)),
                        new Stmt.Bind("strip", own.plus(inputs + gradients)),
                        loop("part", Index.var("from"), Index.var("to"), 1, block(task)));
        return tiles.kernel(
                site.group().label(),
                tiling.parts(),
                inputs + gradients + tiling.stripSize(),
                body);
    }

    /** The first row of tiles of {@code part}. */
    private Index first(Index part) {
        return part.times(tiling.tileRows()).dividedBy(tiling.parts());
    }

    private Stmt zero() {
        Stmt store = new Stmt.Store(Index.var("sum"), new Value.Const(0, lanes));
        Index sums = Index.var("sums");
        return loop("sum", sums, sums.plus(tiling.partSize()), lanes, store);
    }

    /** The input; the window at the first position begins in its border. */
    private View windows() {
        View x = site.view(site.group().root().in(0));
        Correlate correlate = (Correlate) site.group().root().op();
        return Borders.windows(x, correlate.window(), x);
    }

    /** Transforms row {@code r} of the chunk of {@code view} into {@code area}. */
    private Stmt transform(TileTransform transform, View view, int channels, String area) {
        int width = tiling.block(channels);
        int column = tiling.column(channels);
        Index row = Index.var("row").plus(Index.var("r"));
        Index channel = Index.var("channel");
        int perImage = tiling.rows().tiles();
        Index source =
                WinogradDriver.at(
                        view,
                        row.dividedBy(perImage),
                        channel,
                        row.modulo(perImage).times(tiling.rows().step()),
                        Index.of(0));
        Index target =
                Index.var("r")
                        .times(tiling.columns().tiles() * channels)
                        .plus(channel)
                        .plus(Index.var(area));
        Stmt body =
                block(
                        new Stmt.Bind("source", source),
                        new Stmt.Bind("target", target),
                        transform.stmt(
                                tiles,
                                new TileTransform.Source(
                                        Index.var("source"),
                                        view.stride(2),
                                        view.stride(view.rank() - 1)),
                                new TileTransform.Strip(
                                        Index.var("strip"), tiling.stripRow(transform, channels)),
                                new TileTransform.Result(
                                        Index.var("target"),
                                        tiling.columns().size() * column,
                                        column,
                                        channels),
                                Index.of(tiling.columns().tiles()),
                                width,
                                minus(Index.of(channels), channel).min(Index.of(width))));
        return loop("channel", Index.of(0), Index.of(channels), width, body);
    }

    /** Adds the products of all positions over {@code count} tiles to the sums. */
    private Stmt multiply() {
        Target target = tiles.target();
        int width = target.vectors() * lanes;
        int outputs = tiling.paddedOutputs();
        int full = outputs / width * width;
        List<Stmt> panels = new ArrayList<>();
        if (full > 0) {
            panels.add(loop("k", Index.of(0), Index.of(full), width, tilesOf(target.vectors())));
        }
        if (full < outputs) {
            int vectors = (outputs - full) / lanes;
            panels.add(
                    loop(
                            "k",
                            Index.of(full),
                            Index.of(outputs),
                            vectors * lanes,
                            tilesOf(vectors)));
        }
        return loop("product", Index.of(tiling.products()), block(panels));
    }

    /** All input channels by {@code vectors} vectors of the gradient's. */
    private Stmt tilesOf(int vectors) {
        int inputs = tiling.paddedInputs();
        int outputs = tiling.paddedOutputs();
        int height = Integer.highestOneBit(tiles.target().mostRows());
        StridedTile tile =
                new StridedTile(
                        height,
                        vectors,
                        lanes,
                        1,
                        StridedDriver.constant(inputs),
                        StridedDriver.constant(outputs),
                        Memory.ARENA,
                        Memory.ARENA,
                        true);
        Index product = Index.var("product");
        Index c = Index.var("c");
        Index k = Index.var("k");
        Index one = Index.of(1);
        Index none = Index.of(0);
        List<Index> arguments =
                List.of(
                        product.times(tiling.column(inputs)).plus(c).plus(Index.var("input")),
                        one,
                        product.times(tiling.column(outputs)).plus(k).plus(Index.var("gradient")),
                        product.times(tiling.plane())
                                .plus(c.times(outputs))
                                .plus(k)
                                .plus(Index.var("sums")),
                        Index.of(outputs),
                        one,
                        none,
                        none,
                        one,
                        none,
                        none,
                        Index.var("count"),
                        Index.of(inputs),
                        Index.of(outputs));
        Epilogue epilogue = new Epilogue(site, site.output().rank() - 1);
        Stmt call = new Stmt.Call(tile.function(tiles, epilogue), arguments);
        return loop("c", Index.of(0), Index.of(inputs), height, call);
    }

    /** Adds up the parts and transforms them back, some input channels at a time. */
    private Kernel back() {
        View y = site.output();
        int rank = y.rank();
        int outputs = tiling.paddedOutputs();
        int block = CorrelateTiling.BACK * outputs;
        PlaneTransform back = tiling.back();
        Index channel = Index.var("channel");
        Circuit sum = Circuit.sum(tiling.parts());
        TransformTile.Side parts =
                new TransformTile.Side(
                        channel.times(outputs).plus(site.scratch()),
                        tiling.partSize(),
                        tiling.plane());
        TransformTile.Side all = new TransformTile.Side(Index.var("own"), 0, block);
        int size = tiling.products() * block;
        Stmt body =
                block(
                        new Stmt.Bind("channel", Index.var("task").times(CorrelateTiling.BACK)),
                        new TransformTile("sum_" + tiling.parts(), sum, lanes)
                                .call(
                                        tiles,
                                        parts,
                                        all,
                                        Index.of(tiling.products()),
                                        Index.of(block)),
                        back.stmt(
                                tiles,
                                new PlaneTransform.Planes(
                                        Index.var("own"),
                                        tiling.columns().size() * block,
                                        block,
                                        outputs),
                                Index.var("own").plus(size),
                                new PlaneTransform.Planes(
                                        channel.times(y.stride(rank - 2)).plus(y.offset()),
                                        y.stride(0),
                                        y.stride(rank - 3),
                                        y.stride(rank - 2)),
                                minus(Index.of(tiling.inputs()), channel)
                                        .min(Index.of(CorrelateTiling.BACK)),
                                CorrelateTiling.BACK,
                                outputs));
        return tiles.kernel(
                site.group().label(),
                Math.ceilDiv(tiling.inputs(), CorrelateTiling.BACK),
                size + back.between(CorrelateTiling.BACK, outputs),
                loop("task", Index.var("from"), Index.var("to"), 1, body));
    }
}
