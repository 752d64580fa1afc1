package org.cinnabar.passes.simplify;

import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.rewrite.Context;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/** Padding before a sliding window becomes the window's own. */
final class Windows {
    /**
     * {@code conv(pad(x, 0), W) → conv(x, W)} with the padding in the window, where only spatial
     * axes are padded.
     */
    static final Rule PAD_INTO_CONV = Rule.exact("pad-into-conv", Windows::padIntoConv);

    private static @Nullable Node padIntoConv(Node node, Context context) {
        if (!(node.op() instanceof Conv(Window window, int groups))) {
            return null;
        }
        Pad pad = spatialPad(node.in(0));
        return pad != null && pad.value() == 0
                ? context.node(new Conv(padded(window, pad), groups), node.in(0).in(0), node.in(1))
                : null;
    }

    /**
     * {@code averagepool(pad(x, 0)) → averagepool(x)} that counts its padding, where only spatial
     * axes are padded and the pool counted its own padding or had none.
     */
    static final Rule PAD_INTO_AVERAGE = Rule.exact("pad-into-average", Windows::padIntoAverage);

    private static @Nullable Node padIntoAverage(Node node, Context context) {
        if (!(node.op() instanceof Pool(var f, Window window, boolean countPadding))
                || f != Pool.Function.AVERAGE
                || window.isPadded() && !countPadding) {
            return null;
        }
        Pad pad = spatialPad(node.in(0));
        return pad != null && pad.value() == 0
                ? context.node(new Pool(f, padded(window, pad), true), node.in(0).in(0))
                : null;
    }

    /**
     * {@code maxpool(pad(x, c)) → maxpool(x)} with the padding in the window, where only spatial
     * axes are padded, no window lies in the padding alone, and c never wins: it is -∞, or at most
     * 0 with x known not to be negative.
     */
    static final Rule PAD_INTO_MAX = Rule.exact("pad-into-max", Windows::padIntoMax);

    private static @Nullable Node padIntoMax(Node node, Context context) {
        if (!(node.op() instanceof Pool(var f, Window window, boolean countPadding))
                || f != Pool.Function.MAX) {
            return null;
        }
        Pad pad = spatialPad(node.in(0));
        if (pad == null || !neverWins(pad.value(), node.in(0).in(0))) {
            return null;
        }
        Window padded = padded(window, pad);
        return meetsInput(padded)
                ? context.node(new Pool(f, padded, countPadding), node.in(0).in(0))
                : null;
    }

    /**
     * {@code pool(x) → reduce(x)} over the spatial axes, where one unpadded window covers them all.
     */
    static final Rule GLOBAL_POOL = Rule.exact("global-pool", Windows::globalPool);

    private static @Nullable Node globalPool(Node node, Context context) {
        if (!(node.op() instanceof Pool(var f, Window window, _)) || window.isPadded()) {
            return null;
        }
        for (int axis = 0; axis < window.rank(); axis++) {
            boolean covers =
                    node.in(0).shape().dim(axis + 2).is(window.kernel().get(axis))
                            && window.dilation().get(axis) == 1;
            if (!covers) {
                return null;
            }
        }
        List<Integer> axes = IntStream.range(2, node.shape().rank()).boxed().toList();
        return context.node(
                new Reduce(
                        switch (f) {
                            case MAX -> Reduce.Function.MAX;
                            case AVERAGE -> Reduce.Function.MEAN;
                        },
                        axes),
                node.in(0));
    }

    private Windows() {}

    /** The op of a node that pads spatial axes, and only those, with a constant. */
    private static @Nullable Pad spatialPad(Node node) {
        boolean matches =
                node.op() instanceof Pad(var begin, var end, var mode, _)
                        && mode == Pad.Mode.CONSTANT
                        && begin.subList(0, 2).equals(List.of(0, 0))
                        && end.subList(0, 2).equals(List.of(0, 0));
        return matches ? (Pad) node.op() : null;
    }

    private static Window padded(Window window, Pad pad) {
        return new Window(
                window.kernel(),
                window.stride(),
                sum(window.padBegin(), pad.begin()),
                sum(window.padEnd(), pad.end()),
                window.dilation());
    }

    private static List<Integer> sum(List<Integer> spatial, List<Integer> all) {
        return IntStream.range(0, spatial.size())
                .mapToObj(i -> spatial.get(i) + all.get(i + 2))
                .toList();
    }

    /**
     * Whether every position of an undilated window has an element of its input under it, whatever
     * the input's extent.
     */
    private static boolean meetsInput(Window window) {
        return IntStream.range(0, window.rank())
                .allMatch(
                        axis ->
                                window.dilation().get(axis) == 1
                                        && window.padBegin().get(axis) < window.kernel().get(axis)
                                        && window.padEnd().get(axis) < window.kernel().get(axis));
    }

    private static boolean neverWins(double value, Node x) {
        return value == Double.NEGATIVE_INFINITY || value <= 0 && isNonNegative(x);
    }

    private static boolean isNonNegative(Node node) {
        return node.op() instanceof Unary(var f)
                        && (f == Unary.Function.RELU || f == Unary.Function.SIGMOID)
                || node.op() instanceof Clip(double low, _) && low >= 0;
    }
}
