package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.passes.lower.FourierLines.Lines;

/**
 * What is done to one pair of tiles of an overlap-save convolution and one vector of channels: rows
 * and columns are transformed into and out of a square in scratch memory.
 *
 * <p>The code uses the names {@code pair}, {@code channel} and {@code square}, which its driver
 * binds.
 */
final class ComplexTile {
    /** Ranges of tasks that may run at the same time; each has a square of its own. */
    private static final int TASKS = 16;

    private final OverlapSave tiling;
    private final Tiles tiles;
    private final int rotations;
    private final FourierLines transform;
    private final int number;
    private final int row;

    /** The code for {@code tiling}, whose rotations lie at {@code rotations} in the weights. */
    ComplexTile(OverlapSave tiling, Tiles tiles, int rotations) {
        this.tiling = tiling;
        this.tiles = tiles;
        this.rotations = rotations;
        int lanes = tiles.target().lanes();
        this.transform = new FourierLines(tiling.size(), lanes);
        this.number = 2 * lanes;
        this.row = row(tiling.size(), lanes);
    }

    /** An odd number of vectors, so that columns do not fall into few sets of the cache. */
    private static int row(int size, int lanes) {
        return (2 * size + 1) * lanes;
    }

    private static int square(int size) {
        return size * row(size, Panels.BLOCK);
    }

    private static int slot(int size) {
        return square(size) + FourierLines.temporaries(size) + 2 * size * Panels.BLOCK;
    }

    /**
     * A kernel that does {@code body} for every pair from {@code first} on and every vector of
     * {@code channels}.
     */
    org.cinnabar.ir.loop.Kernel kernel(
            String label, int first, int pairs, int channels, List<Stmt> body) {
        int lanes = tiles.target().lanes();
        int vectors = Math.ceilDiv(channels, lanes);
        int items = Math.multiplyExact(pairs, vectors);
        int perTask = Math.ceilDiv(items, TASKS);
        int tasks = Math.ceilDiv(items, perTask);
        List<Stmt> code = new ArrayList<>();
        Index item = Index.var("item");
        code.add(new Stmt.Bind("pair", item.modulo(pairs).plus(first)));
        code.add(new Stmt.Bind("channel", item.dividedBy(pairs).times(lanes)));
        code.addAll(body);
        Index begin = Index.var("from").times(perTask);
        Index end = Index.var("to").times(perTask).min(Index.of(items));
        return tiles.kernel(
                label,
                tasks,
                slot(tiling.size()),
                block(
                        new Stmt.Bind("square", Index.var("own")),
                        loop("item", begin, end, 1, block(code))));
    }

    private Index tile(int part) {
        Index tile = Index.var("pair").times(2).plus(part);
        return part == 0 ? tile : tile.min(Index.of(tiling.tiles() - 1));
    }

    /** The square as rows or as columns. */
    private Lines square(boolean columns) {
        Index re = Index.var("square");
        Index im = re.plus(tiles.target().lanes());
        return columns ? new Lines(re, im, row, number) : new Lines(re, im, number, row);
    }

    private Stmt transform(Lines from, Lines to, int lines) {
        Index temporaries = Index.var("square").plus(square(tiling.size()));
        return transform.call(tiles, from, to, temporaries, rotations, Index.of(lines));
    }

    /** Both tiles' pixels, transformed along rows; {@code x} is in the output's coordinates. */
    List<Stmt> rowsOf(View x) {
        List<Stmt> code = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            code.add(new Stmt.Bind("tile" + part, tile(part)));
            List<Index> at = tiling.position(Index.var("tile" + part));
            Index first = x.at(List.of(at.get(0), Index.var("channel"), at.get(1), at.get(2)));
            code.add(new Stmt.Bind("in" + part, first));
        }
        Lines pixels = new Lines(Index.var("in0"), Index.var("in1"), x.stride(3), x.stride(2));
        code.add(transform(pixels, square(false), tiling.size()));
        return code;
    }

    /** The square's columns, transformed to {@code to}. */
    Stmt columnsTo(Lines to) {
        return transform(square(true), to, tiling.size());
    }

    /** The square's columns, transformed back from {@code from}. */
    Stmt columnsFrom(Lines from) {
        return transform(from.swapped(), square(true).swapped(), tiling.size());
    }

    /** Column {@code u} of the square, transformed to a line behind it. */
    Stmt columnToLine(Index u) {
        return transform(column(u), line(), 1);
    }

    /** The line behind the square, transformed back to column {@code u} of it. */
    Stmt columnFromLine(Index u) {
        return transform(line().swapped(), column(u).swapped(), 1);
    }

    private Lines column(Index u) {
        Lines columns = square(true);
        Index at = u.times(number);
        return new Lines(at.plus(columns.re()), at.plus(columns.im()), row, number);
    }

    /** The numbers of one column. */
    Lines line() {
        int size = tiling.size();
        Index at = Index.var("square").plus(square(size) + FourierLines.temporaries(size));
        return new Lines(at, at.plus(tiles.target().lanes()), number, 0);
    }

    /** Transforms rows back and stores both tiles' results. */
    List<Stmt> results(View y, Epilogue epilogue) {
        List<Stmt> code = new ArrayList<>();
        code.add(transform(square(false).swapped(), square(false).swapped(), tiling.rows()));
        for (int part = 0; part < 2; part++) {
            code.add(new Stmt.Bind("result" + part, tile(part)));
            code.add(results(part, y, epilogue));
        }
        return code;
    }

    private Stmt results(int part, View y, Epilogue epilogue) {
        int lanes = tiles.target().lanes();
        List<Index> at = tiling.position(Index.var("result" + part));
        Index rows = Code.minus(Index.of(tiling.height()), at.get(1)).min(Index.of(tiling.rows()));
        Index columns =
                Code.minus(Index.of(tiling.width()), at.get(2)).min(Index.of(tiling.columns()));
        List<Index> position =
                List.of(
                        at.get(0),
                        Index.var("channel"),
                        at.get(1).plus(Index.var("row")),
                        at.get(2));
        List<Index> arguments = new ArrayList<>();
        Index source = Index.var("row").times(row).plus(Index.var("square")).plus(part * lanes);
        arguments.addAll(List.of(source, Index.of(number), y.at(position), Index.of(y.stride(3))));
        List<Epilogue.Operand> operands = epilogue.operands();
        arguments.addAll(
                epilogue.arguments(
                        e -> operands.get(e).view().at(position),
                        e -> operands.get(e).view().stride(3)));
        arguments.add(columns);
        Stmt call = new Stmt.Call(new EpilogueRow(1, lanes).function(tiles, epilogue), arguments);
        return loop("row", rows, call);
    }
}
