package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;

/**
 * Transforms the products of one panel over one chunk back and stores what the epilogue makes of
 * them: first along the columns of tiles, all at once, then row by row of the map. The last tile of
 * a row may have fewer outputs.
 *
 * <p>Reads the names that {@link WinogradDriver} binds: {@code firstRow, rows, column, columns} of
 * the chunk, {@code output}, the panel's first channel, and {@code products} and {@code half}.
 */
record WinogradOutput(Tiles tiles, WinogradTiling tiling, View y, Epilogue epilogue) {
    /** Outputs of a tile that one method stores. */
    private static final int MOST_OUTPUTS = 4;

    Stmt stmt(int width) {
        WinogradTiling.Axis rows = tiling.rows();
        List<Stmt> body = new ArrayList<>();
        if (!rows.isPlain()) {
            body.add(alongRows(width));
        }
        Index row = Index.var("firstRow").plus(Index.var("r"));
        List<Stmt> tileRow = new ArrayList<>();
        tileRow.add(new Stmt.Bind("image", row.dividedBy(rows.tiles())));
        tileRow.add(new Stmt.Bind("top", row.modulo(rows.tiles()).times(rows.step())));
        Index left = minus(Index.of(rows.extent()), Index.var("top"));
        tileRow.add(loop("i", left.min(Index.of(rows.step())), block(mapRow(width))));
        body.add(loop("r", Index.var("rows"), block(tileRow)));
        return block(body);
    }

    private Stmt alongRows(int width) {
        TransformTile tile =
                new TransformTile(
                        "winograd_out_" + tiling.rows().size(),
                        tiling.rows().algorithm().outputCircuit(0, tiling.rows().step()),
                        tiles.target().lanes());
        int row = tiling.productRow();
        int column = tiling.productColumn();
        return tile.call(
                tiles,
                new TransformTile.Side(Index.var("products"), row, column),
                new TransformTile.Side(Index.var("half"), row, column),
                Index.of(tiling.columns().size()),
                Index.var("count").times(width));
    }

    /** Row {@code i} of the tiles in row {@code r} of the chunk. */
    private List<Stmt> mapRow(int width) {
        WinogradTiling.Axis columns = tiling.columns();
        int whole = columns.extent() / columns.step();
        int rest = columns.extent() % columns.step();
        Index from =
                Index.var("i")
                        .times(tiling.productRow())
                        .plus(Index.var("r").times(tiling.chunkColumns() * width))
                        .plus(Index.var(tiling.rows().isPlain() ? "products" : "half"));
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind("fromHere", from));
        Index left = minus(Index.of(whole), Index.var("column"));
        body.add(new Stmt.Bind("whole", left.min(Index.var("columns"))));
        if (whole > 0) {
            body.add(tiles(columns.step(), Index.of(0), Index.var("whole"), width));
        }
        if (rest > 0) {
            Index others = minus(Index.var("columns"), Index.var("whole"));
            body.add(tiles(rest, Index.var("whole"), others, width));
        }
        return body;
    }

    /**
     * {@code count} tiles of {@code outputs} columns from {@code first} on; half of them at a time
     * where with all the epilogue would be too much for the JIT.
     */
    private Stmt tiles(int outputs, Index first, Index count, int width) {
        int parts = Math.ceilDiv(outputs, MOST_OUTPUTS);
        List<Stmt> calls = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            calls.add(
                    tiles(
                            outputs * part / parts,
                            outputs * (part + 1) / parts,
                            first,
                            count,
                            width));
        }
        return block(calls);
    }

    private Stmt tiles(int from, int to, Index first, Index count, int width) {
        WinogradTiling.Axis columns = tiling.columns();
        TransformTile tile =
                new TransformTile(
                        "winograd_out_" + columns.size() + "_" + from + "_" + to,
                        columns.algorithm().outputCircuit(from, to),
                        tiles.target().lanes());
        int last = y.rank() - 1;
        List<Index> arguments = new ArrayList<>();
        arguments.add(first.times(width).plus(Index.var("fromHere")));
        arguments.add(Index.of(tiling.productColumn()));
        arguments.add(Index.of(width));
        arguments.add(at(y, first, from));
        arguments.add(Index.of(y.stride(last)));
        arguments.add(Index.of(y.stride(last) * columns.step()));
        arguments.add(count);
        arguments.add(Index.of(width));
        List<View> views = epilogue.operands().stream().map(Epilogue.Operand::view).toList();
        arguments.addAll(
                TransformTile.arguments(
                        epilogue,
                        columns.step(),
                        views.stream().map(view -> at(view, first, from)).toList(),
                        views.stream().map(view -> view.stride(last)).toList()));
        return new Stmt.Call(tile.function(tiles, epilogue), arguments);
    }

    private Index at(View view, Index tile, int output) {
        return WinogradDriver.at(
                view,
                Index.var("image"),
                Index.var("output"),
                Index.var("top").plus(Index.var("i")),
                tile.plus(Index.var("column")).times(tiling.columns().step()).plus(output));
    }
}
