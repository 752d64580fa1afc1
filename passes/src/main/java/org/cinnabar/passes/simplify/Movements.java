package org.cinnabar.passes.simplify;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.rewrite.Context;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/** Two movements in a row that are one. */
final class Movements {
    /** {@code reshape(reshape(x)) → reshape(x)}. */
    static final Rule MERGE_RESHAPES = Rule.exact("merge-reshapes", Movements::mergeReshapes);

    private static @Nullable Node mergeReshapes(Node node, Context context) {
        return node.op() instanceof Reshape && node.in(0).op() instanceof Reshape
                ? context.node(node.op(), node.in(0).in(0))
                : null;
    }

    /** {@code transpose(transpose(x)) → transpose(x)} by the permutations' composition. */
    static final Rule MERGE_TRANSPOSES = Rule.exact("merge-transposes", Movements::mergeTransposes);

    private static @Nullable Node mergeTransposes(Node node, Context context) {
        return node.op() instanceof Transpose(var outer)
                        && node.in(0).op() instanceof Transpose(var inner)
                ? context.node(
                        new Transpose(outer.stream().map(inner::get).toList()), node.in(0).in(0))
                : null;
    }

    /** {@code transpose(x) → reshape(x)} where the axes of extent other than 1 keep their order. */
    static final Rule TRANSPOSE_OF_ONES =
            Rule.exact("transpose-of-ones", Movements::transposeOfOnes);

    private static @Nullable Node transposeOfOnes(Node node, Context context) {
        if (!(node.op() instanceof Transpose(var permutation))) {
            return null;
        }
        Node x = node.in(0);
        List<Integer> moved =
                permutation.stream().filter(axis -> !x.shape().dim(axis).is(1)).toList();
        return moved.equals(moved.stream().sorted().toList())
                ? context.node(new Reshape(node.shape()), x)
                : null;
    }

    /** {@code slice(slice(x)) → slice(x)} along one axis. */
    static final Rule MERGE_SLICES = Rule.exact("merge-slices", Movements::mergeSlices);

    private static @Nullable Node mergeSlices(Node node, Context context) {
        if (!(node.op() instanceof Slice outer
                && node.in(0).op() instanceof Slice inner
                && axis(outer, node) == axis(inner, node))) {
            return null;
        }
        Dim start = inner.start().plus(outer.start().times(inner.step()));
        long step = Math.multiplyExact(inner.step(), outer.step());
        return context.node(
                new Slice(axis(outer, node), start, step, outer.count()), node.in(0).in(0));
    }

    /**
     * {@code slice(concat(x, y, ...)) → slice(x)} along one axis, where the slice stays within one
     * operand of known extent.
     */
    static final Rule SLICE_OF_CONCAT = Rule.exact("slice-of-concat", Movements::sliceOfConcat);

    private static @Nullable Node sliceOfConcat(Node node, Context context) {
        return node.op() instanceof Slice slice
                        && node.in(0).op() instanceof Concat concat
                        && axis(slice, node)
                                == Operands.axis("concat", concat.axis(), node.shape().rank())
                ? within(slice, node, context)
                : null;
    }

    /**
     * {@code concat(x, concat(y, z)) → concat(x, y, z)} along one axis, where the inner one has no
     * other use.
     */
    static final Rule FLATTEN_CONCAT = Rule.exact("flatten-concat", Movements::flattenConcat);

    private static @Nullable Node flattenConcat(Node node, Context context) {
        if (!(node.op() instanceof Concat(int axis))) {
            return null;
        }
        int rank = node.shape().rank();
        List<Node> parts = new ArrayList<>();
        for (Node operand : node.in()) {
            boolean nested =
                    operand.op() instanceof Concat(int inner)
                            && Operands.axis("concat", inner, rank)
                                    == Operands.axis("concat", axis, rank)
                            && context.singleUse(operand);
            parts.addAll(nested ? operand.in() : List.of(operand));
        }
        return parts.size() > node.in().size() ? context.node(node.op(), parts) : null;
    }

    /** {@code pad(pad(x)) → pad(x)} by the sums, both with the same constant. */
    static final Rule MERGE_PADS = Rule.exact("merge-pads", Movements::mergePads);

    private static @Nullable Node mergePads(Node node, Context context) {
        if (!(node.op() instanceof Pad outer
                && node.in(0).op() instanceof Pad inner
                && outer.mode() == Pad.Mode.CONSTANT
                && inner.mode() == Pad.Mode.CONSTANT
                && outer.value() == inner.value())) {
            return null;
        }
        Pad both =
                new Pad(
                        sum(outer.begin(), inner.begin()),
                        sum(outer.end(), inner.end()),
                        outer.mode(),
                        outer.value());
        return context.node(both, node.in(0).in(0));
    }

    /** {@code f(expand(x), y) → f(x, y)} where y makes the elementwise f broadcast x by itself. */
    static final Rule IMPLICIT_EXPAND = Rule.exact("implicit-expand", Movements::implicitExpand);

    private static @Nullable Node implicitExpand(Node node, Context context) {
        if (!(node.op() instanceof Binary || node.op() instanceof Select)) {
            return null;
        }
        for (int i = 0; i < node.in().size(); i++) {
            if (node.in(i).op() instanceof Expand) {
                List<Node> in = new ArrayList<>(node.in());
                in.set(i, in.get(i).in(0));
                Node bare = context.node(node.op(), in);
                if (bare.type().equals(node.type())) {
                    return bare;
                }
            }
        }
        return null;
    }

    private Movements() {}

    private static @Nullable Node within(Slice slice, Node node, Context context) {
        if (!slice.start().isKnown() || !slice.count().isKnown() || slice.count().is(0)) {
            return null;
        }
        int axis = axis(slice, node);
        long start = slice.start().value();
        long last = start + (slice.count().value() - 1) * slice.step();
        long offset = 0;
        for (Node part : node.in(0).in()) {
            Dim extent = part.shape().dim(axis);
            if (!extent.isKnown()) {
                return null;
            }
            long end = offset + extent.value();
            if (Math.min(start, last) >= offset && Math.max(start, last) < end) {
                return context.node(
                        new Slice(axis, Dim.of(start - offset), slice.step(), slice.count()), part);
            }
            offset = end;
        }
        return null;
    }

    private static int axis(Slice slice, Node node) {
        return Operands.axis("slice", slice.axis(), node.shape().rank());
    }

    private static List<Integer> sum(List<Integer> a, List<Integer> b) {
        return IntStream.range(0, a.size()).mapToObj(i -> a.get(i) + b.get(i)).toList();
    }
}
