package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;

/**
 * A stride-1 convolution cut into tiles that circular convolution of {@code size} × {@code size}
 * numbers computes: the first {@code rows} × {@code columns} results of a tile are right, and the
 * next tile begins after them. Two tiles are the real and imaginary part of one complex tile: the
 * filters are real, so the two do not mix.
 *
 * @param down tiles above one another
 * @param across tiles side by side
 * @param height rows of the output
 * @param width columns of the output
 */
record OverlapSave(
        int size, int rows, int columns, int images, int down, int across, int height, int width) {
    /** The tiling of {@code root}, a convolution over two axes whose windows fit {@code size}. */
    static OverlapSave of(Node root, int size) {
        Window window = ((Conv) root.op()).window();
        int rows = size - reach(window, 0);
        int columns = size - reach(window, 1);
        int height = root.shape().extent(2);
        int width = root.shape().extent(3);
        return new OverlapSave(
                size,
                rows,
                columns,
                root.shape().extent(0),
                Math.ceilDiv(height, rows),
                Math.ceilDiv(width, columns),
                height,
                width);
    }

    /**
     * Whether tiles of {@code size} can compute {@code root}, a convolution with {@code window}, of
     * stride 1 over two axes: some of a tile's results are right, and no tile is much larger than
     * the map.
     */
    static boolean suits(Node root, Window window, int size) {
        return window.rank() == 2
                && root.in(1).op() instanceof Weight
                && window.stride().stream().allMatch(stride -> stride == 1)
                && fits(size - reach(window, 0), root.shape().extent(2))
                && fits(size - reach(window, 1), root.shape().extent(3));
    }

    private static boolean fits(int results, int extent) {
        return results > 0 && results <= 2 * Math.max(extent, 8);
    }

    /** How far a window of {@code window} reaches beyond its first number. */
    static int reach(Window window, int axis) {
        return (window.kernel().get(axis) - 1) * window.dilation().get(axis);
    }

    int tiles() {
        return Math.multiplyExact(images, down * across);
    }

    /** Complex tiles; the last one holds the last tile twice if {@link #hasLone}. */
    int pairs() {
        return Math.ceilDiv(tiles(), 2);
    }

    /** Whether one tile is left without another. */
    boolean hasLone() {
        return tiles() % 2 != 0;
    }

    /** Zeros around the input of {@code root} up to where the last tiles end. */
    Layout layout(Node root) {
        Layout window = Borders.layout(((Conv) root.op()).window());
        List<Integer> after = new ArrayList<>(window.after());
        int[] ends = {(down - 1) * rows + size, (across - 1) * columns + size};
        for (int axis = 2; axis < 4; axis++) {
            int there = window.before().get(axis) + root.in(0).shape().extent(axis);
            after.set(axis, Math.max(after.get(axis), ends[axis - 2] - there));
        }
        return new Layout(window.unitAxis(), window.before(), after);
    }

    /** The image, first row and first column of the tile in {@code index}. */
    List<Index> position(Index index) {
        return List.of(
                index.dividedBy(down * across),
                index.dividedBy(across).modulo(down).times(rows),
                index.modulo(across).times(columns));
    }
}
