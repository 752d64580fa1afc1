package org.cinnabar.ir.interp;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;

/** The movement ops: which element stands where. */
final class Movements {
    private Movements() {}

    static Tensor expand(Tensor x, Shape shape) {
        return x.shape().equals(shape) ? x : pick(x, shape, Index.broadcast(x.shape(), shape), 0);
    }

    static Tensor transpose(Transpose op, Tensor x, Shape shape) {
        int[][] source = Index.identity(x.shape());
        return pick(
                x,
                shape,
                op.permutation().stream().map(axis -> source[axis]).toArray(int[][]::new),
                0);
    }

    static Tensor slice(Slice op, Tensor x, Shape shape) {
        int axis = fromFront(op.axis(), x);
        int[][] tables = Index.identity(x.shape());
        tables[axis] =
                IntStream.range(0, shape.extent(axis))
                        .map(i -> tables[axis][Math.toIntExact(op.start().value() + i * op.step())])
                        .toArray();
        return pick(x, shape, tables, 0);
    }

    static Tensor pad(Pad op, Tensor x, Shape shape) {
        int[][] tables = Index.identity(x.shape());
        for (int axis = 0; axis < tables.length; axis++) {
            int[] source = tables[axis];
            int begin = op.begin().get(axis);
            tables[axis] =
                    IntStream.range(0, shape.extent(axis))
                            .map(i -> padded(op.mode(), source, i - begin))
                            .toArray();
        }
        return pick(x, shape, tables, op.value());
    }

    private static int padded(Pad.Mode mode, int[] source, int i) {
        int last = source.length - 1;
        return switch (mode) {
            case CONSTANT -> i < 0 || i > last ? Index.OUTSIDE : source[i];
            case EDGE -> source[Math.clamp(i, 0, last)];
            case REFLECT -> {
                int period = Math.max(1, 2 * last);
                int folded = Math.floorMod(i, period);
                yield source[Math.min(folded, period - folded)];
            }
        };
    }

    static Tensor gather(Gather op, Tensor x, Tensor indices, Shape shape) {
        int[][] tables = Index.identity(x.shape());
        int axis = fromFront(op.axis(), x);
        int[] source = tables[axis];
        tables[axis] =
                Arrays.stream(indices.longs())
                        .mapToInt(i -> source[(int) Objects.checkIndex(i, (long) source.length)])
                        .toArray();
        return pick(x, shape, tables, 0);
    }

    static double[] scatterAdd(ScatterAdd op, Tensor z, Tensor indices, Shape shape) {
        double[] values = z.toDoubles();
        long[] at = indices.longs();
        int inner = Index.strides(shape)[op.axis()];
        double[] y = new double[shape.count()];
        for (int i = 0; i < values.length; i++) {
            int row = i / inner;
            int target = (int) Objects.checkIndex(at[row % at.length], (long) op.extent());
            y[(row / at.length * op.extent() + target) * inner + i % inner] += values[i];
        }
        return y;
    }

    static Tensor concat(Concat op, List<Tensor> in, Shape shape) {
        boolean floating = in.getFirst().dtype().isFloating();
        Object result = floating ? new double[shape.count()] : new long[shape.count()];
        int axis = fromFront(op.axis(), in.getFirst());
        int stride = Index.strides(shape)[axis];
        int chunk = shape.extent(axis) * stride;
        int start = 0;
        for (Tensor x : in) {
            Object source = floating ? x.doubles() : x.longs();
            int length = x.shape().extent(axis) * stride;
            for (int i = 0; i < x.count(); i += length) {
                System.arraycopy(source, i, result, start + i / length * chunk, length);
            }
            start += length;
        }
        return floating
                ? Tensor.f64(shape, (double[]) result)
                : Tensor.integers(in.getFirst().dtype(), shape, (long[]) result);
    }

    private static int fromFront(int axis, Tensor x) {
        return axis < 0 ? axis + x.shape().rank() : axis;
    }

    /** The elements of {@code x} that {@code tables} name, {@code fill} where they name none. */
    private static Tensor pick(Tensor x, Shape shape, int[][] tables, double fill) {
        int[] positions = Index.positions(tables);
        if (x.dtype().isFloating()) {
            double[] source = x.doubles();
            double[] picked = new double[positions.length];
            Arrays.setAll(picked, i -> positions[i] < 0 ? fill : source[positions[i]]);
            return Tensor.f64(shape, picked);
        }
        long[] source = x.longs();
        long[] picked = new long[positions.length];
        Arrays.setAll(picked, i -> positions[i] < 0 ? (long) fill : source[positions[i]]);
        return Tensor.integers(x.dtype(), shape, picked);
    }
}
