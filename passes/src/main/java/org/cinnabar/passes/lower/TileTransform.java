package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.passes.lower.TransformTile.Side;
import org.cinnabar.passes.transform.Circuit;

/**
 * The transform of a row of tiles along both axes, channels in the lanes: first along the columns
 * of all pixels, which neighbouring tiles share, into a strip; then along the rows of each tile. An
 * axis whose circuit has one input is left alone.
 *
 * @param name what functions are called
 */
record TileTransform(String name, Axis rows, Axis columns) {
    /** What becomes of a tile along one axis, whose neighbour begins {@code step} pixels on. */
    record Axis(Circuit circuit, int step) {
        private boolean isPlain() {
            return circuit.inputs() == 1;
        }

        private int size() {
            return circuit.outputs().size();
        }
    }

    /** The pixels of a row of tiles: the first one, and how far rows and pixels are apart. */
    record Source(Index at, int row, int pixel) {}

    /** Where a strip may be, {@code row} numbers for each of its rows. */
    record Strip(Index at, int row) {}

    /** Where numbers of tiles go: how far rows and columns of a tile, and tiles, are apart. */
    record Result(Index at, int row, int column, int tile) {}

    /** Pixels in a row of {@code tiles} tiles. */
    int pixels(int tiles) {
        return tiles * columns.step() + columns.circuit().inputs() - columns.step();
    }

    /** Numbers of a strip of {@code row} numbers in a row. */
    int stripSize(int row) {
        return rows.isPlain() || columns.isPlain() ? 0 : rows.size() * row;
    }

    /**
     * Transforms {@code count} tiles.
     *
     * @param width channels of a pixel in the strip
     * @param channels how many of them there are
     */
    Stmt stmt(
            Tiles tiles,
            Source from,
            Strip strip,
            Result to,
            Index count,
            int width,
            Index channels) {
        Side pixels = new Side(from.at(), from.row(), from.pixel());
        if (rows.isPlain()) {
            Side row = new Side(from.at(), from.pixel(), from.pixel() * columns.step());
            Side result = new Side(to.at(), to.column(), to.tile());
            return tile(columns, tiles).call(tiles, row, result, count, channels);
        }
        if (columns.isPlain()) {
            Side result = new Side(to.at(), to.row(), to.tile());
            return tile(rows, tiles).call(tiles, pixels, result, count, channels);
        }
        Stmt down =
                tile(rows, tiles)
                        .call(
                                tiles,
                                pixels,
                                new Side(strip.at(), strip.row(), width),
                                count.times(columns.step()).plus(pixels(0)),
                                channels);
        Index i = Index.var("i");
        Stmt across =
                tile(columns, tiles)
                        .call(
                                tiles,
                                new Side(
                                        i.times(strip.row()).plus(strip.at()),
                                        width,
                                        width * columns.step()),
                                new Side(i.times(to.row()).plus(to.at()), to.column(), to.tile()),
                                count,
                                channels);
        return block(down, loop("i", Index.of(rows.size()), across));
    }

    private TransformTile tile(Axis axis, Tiles tiles) {
        return new TransformTile(name + "_" + axis.size(), axis.circuit(), tiles.target().lanes());
    }
}
