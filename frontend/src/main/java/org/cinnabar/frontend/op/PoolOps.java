package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Window;

/** Pools. The rounding up of {@code ceil_mode} becomes padding at the end. */
final class PoolOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("MaxPool", 1, PoolOps::max),
                    OpRow.of("AveragePool", 1, PoolOps::average),
                    OpRow.of(
                            "GlobalMaxPool",
                            1,
                            n -> n.reduce(Reduce.Function.MAX, n.in(0), spatial(n))),
                    OpRow.of("GlobalAveragePool", 1, n -> n.mean(n.in(0), spatial(n))));

    private PoolOps() {}

    static List<Integer> spatial(OnnxNode n) {
        return OnnxNode.axes(2, n.in(0).shape().rank());
    }

    private static Node max(OnnxNode n) {
        n.ignore("storage_order");
        Node x = n.in(0);
        Window window = window(n, x.shape());
        Window rounded = n.flag("ceil_mode", false) ? roundedUp(window, x.shape()) : window;
        return n.op(new Pool(Pool.Function.MAX, rounded, false), x);
    }

    /**
     * Padding that {@code ceil_mode} adds never counts in the mean. Where the model's own padding
     * does, that becomes zeros of the operand.
     */
    private static Node average(OnnxNode n) {
        Node x = n.in(0);
        Window window = window(n, x.shape());
        boolean countPadding = n.flag("count_include_pad", false);
        Window rounded = n.flag("ceil_mode", false) ? roundedUp(window, x.shape()) : window;
        if (!countPadding || rounded.equals(window)) {
            return n.op(new Pool(Pool.Function.AVERAGE, rounded, countPadding), x);
        }
        List<Integer> begin = new ArrayList<>(List.of(0, 0));
        List<Integer> end = new ArrayList<>(List.of(0, 0));
        begin.addAll(window.padBegin());
        end.addAll(window.padEnd());
        Node padded = n.op(new Pad(begin, end, Pad.Mode.CONSTANT, 0), x);
        List<Integer> none = Collections.nCopies(window.rank(), 0);
        Window unpadded = Windows.padded(window, none, none);
        return n.op(
                new Pool(Pool.Function.AVERAGE, roundedUp(unpadded, padded.shape()), false),
                padded);
    }

    private static Window window(OnnxNode n, Shape x) {
        List<Integer> kernel =
                n.integers("kernel_shape")
                        .orElseThrow(
                                () ->
                                        new Rejected(
                                                "an attribute kernel_shape",
                                                "none",
                                                "export the model again"));
        return Windows.of(n, kernel, x);
    }

    /**
     * The window with as much padding at the end as makes {@code ceil} of {@code floor} in the
     * number of positions; a last position that would lie in the padding alone is left out.
     */
    private static Window roundedUp(Window window, Shape x) {
        List<Integer> end = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            end.add(endPadding(window, axis, x.dim(axis + 2)));
        }
        return Windows.padded(window, window.padBegin(), end);
    }

    private static int endPadding(Window window, int axis, Dim extent) {
        int stride = window.stride().get(axis);
        int begin = window.padBegin().get(axis);
        int end = window.padEnd().get(axis);
        int reach = window.reach(axis);
        if (!extent.isKnown()) {
            if (stride > 1 && end + stride > reach) {
                throw new Rejected(
                        "known extents for ceil_mode with window " + window,
                        "extent " + extent,
                        "fix the input's extents with --shape");
            }
            return end + stride - 1;
        }
        long positions = Math.ceilDiv(extent.value() + begin + end - reach, stride) + 1;
        if ((positions - 1) * stride >= extent.value() + begin) {
            positions--;
        }
        boolean same = window.positions(axis, extent).is(positions);
        return same
                ? end
                : Math.toIntExact(
                        Math.max(0, (positions - 1) * stride + reach - extent.value() - begin));
    }
}
