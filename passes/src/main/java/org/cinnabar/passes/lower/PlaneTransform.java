package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.passes.lower.TransformTile.Side;
import org.cinnabar.passes.transform.Circuit;

/**
 * The transform of many small planes of numbers along both axes, columns and then rows; planes of
 * neighbouring channels in the lanes.
 *
 * @param name what functions are called
 */
record PlaneTransform(String name, Circuit rows, Circuit columns) {
    /** Planes: the first number, and how far rows and columns of one, and planes, are apart. */
    record Planes(Index at, int row, int column, int next) {}

    /** Numbers that are needed between both axes for {@code planes} of {@code channels}. */
    int between(int planes, int channels) {
        return rows.outputs().size() * columns.inputs() * planes * channels;
    }

    /**
     * Transforms {@code count} of at most {@code planes} planes of {@code channels} channels each.
     *
     * @param between where {@link #between} numbers have room
     */
    Stmt stmt(
            Tiles tiles,
            Planes from,
            Index between,
            Planes to,
            Index count,
            int planes,
            int channels) {
        int column = planes * channels;
        int row = columns.inputs() * column;
        Index i = Index.var("i");
        Stmt down =
                tile(rows, tiles)
                        .call(
                                tiles,
                                new Side(
                                        i.times(from.column()).plus(from.at()),
                                        from.row(),
                                        from.next()),
                                new Side(i.times(column).plus(between), row, channels),
                                count,
                                Index.of(channels));
        Stmt across =
                tile(columns, tiles)
                        .call(
                                tiles,
                                new Side(i.times(row).plus(between), column, channels),
                                new Side(i.times(to.row()).plus(to.at()), to.column(), to.next()),
                                count,
                                Index.of(channels));
        return block(
                loop("i", Index.of(columns.inputs()), down),
                loop("i", Index.of(rows.outputs().size()), across));
    }

    private TransformTile tile(Circuit circuit, Tiles tiles) {
        String unique = name + "_" + circuit.outputs().size();
        return new TransformTile(unique, circuit, tiles.target().lanes());
    }
}
