package org.cinnabar.ir.interp;

import java.util.stream.IntStream;
import org.cinnabar.ir.Shape;

/**
 * Where the elements of a result come from. A table per axis of the result says by how much each
 * index along that axis moves the position in the source; {@link #OUTSIDE} marks indices that have
 * no source element.
 */
final class Index {
    static final int OUTSIDE = -1;

    private Index() {}

    /** Row-major over the result: the position of every element's source, or {@link #OUTSIDE}. */
    static int[] positions(int[][] tables) {
        int[] positions = {0};
        for (int[] table : tables) {
            int[] finer = new int[Math.multiplyExact(positions.length, table.length)];
            int at = 0;
            for (int base : positions) {
                for (int offset : table) {
                    finer[at++] = base < 0 || offset < 0 ? OUTSIDE : base + offset;
                }
            }
            positions = finer;
        }
        return positions;
    }

    /** Distance of neighbours along each axis of a row-major array. */
    static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape.extent(axis);
        }
        return strides;
    }

    /** Tables of the result that is the source itself. */
    static int[][] identity(Shape shape) {
        int[] strides = strides(shape);
        return IntStream.range(0, shape.rank())
                .mapToObj(axis -> line(shape.extent(axis), strides[axis]))
                .toArray(int[][]::new);
    }

    /** Tables of {@code from} broadcast to {@code to}. */
    static int[][] broadcast(Shape from, Shape to) {
        int[] strides = strides(from);
        int missing = to.rank() - from.rank();
        return IntStream.range(0, to.rank())
                .mapToObj(
                        axis -> {
                            boolean repeats = axis < missing || from.dim(axis - missing).is(1);
                            return line(to.extent(axis), repeats ? 0 : strides[axis - missing]);
                        })
                .toArray(int[][]::new);
    }

    private static int[] line(int extent, int stride) {
        return IntStream.range(0, extent).map(i -> i * stride).toArray();
    }
}
