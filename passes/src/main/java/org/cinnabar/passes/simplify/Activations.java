package org.cinnabar.passes.simplify;

import java.util.OptionalDouble;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.rewrite.Context;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/** Activation functions recognised in what exporters spell out. */
final class Activations {
    private static final Op RELU = new Unary(Unary.Function.RELU);

    /**
     * {@code max(x, c) → clip(x, c, ∞)} and {@code min(x, c) → clip(x, -∞, c)} for one number c
     * that does not broadcast x.
     */
    static final Rule ONE_SIDED_CLIP = Rule.exact("one-sided-clip", Activations::oneSidedClip);

    private static @Nullable Node oneSidedClip(Node node, Context context) {
        OptionalDouble bound =
                node.op() instanceof Binary && node.type().equals(node.in(0).type())
                        ? Constants.uniform(node.in(1))
                        : OptionalDouble.empty();
        if (bound.isEmpty()) {
            return null;
        } else if (node.op().equals(new Binary(Binary.Function.MAX))) {
            return context.node(
                    new Clip(bound.getAsDouble(), Double.POSITIVE_INFINITY), node.in(0));
        } else if (node.op().equals(new Binary(Binary.Function.MIN))) {
            return context.node(
                    new Clip(Double.NEGATIVE_INFINITY, bound.getAsDouble()), node.in(0));
        } else {
            return null;
        }
    }

    /** {@code clip(x, 0, ∞) → relu(x)}. */
    static final Rule CLIP_TO_RELU = Rule.exact("clip-to-relu", Activations::clipToRelu);

    private static @Nullable Node clipToRelu(Node node, Context context) {
        return node.op().equals(new Clip(0, Double.POSITIVE_INFINITY))
                ? context.node(RELU, node.in(0))
                : null;
    }

    /**
     * {@code clip(clip(x, l, h), m, k) → clip(x, clip(l, m, k), clip(h, m, k))}, relu being {@code
     * clip(0, ∞)}.
     */
    static final Rule MERGE_CLIPS = Rule.exact("merge-clips", Activations::mergeClips);

    private static @Nullable Node mergeClips(Node node, Context context) {
        Clip outer = bounds(node.op());
        Clip inner = outer == null ? null : bounds(node.in(0).op());
        if (outer == null || inner == null) {
            return null;
        }
        Clip both = new Clip(clamp(inner.low(), outer), clamp(inner.high(), outer));
        return context.node(both, node.in(0).in(0));
    }

    /** {@code 1 / (exp(-x) + 1) → sigmoid(x)}. */
    static final Rule SIGMOID = Rule.rounding("sigmoid", 1e-6, Activations::sigmoid);

    private static @Nullable Node sigmoid(Node node, Context context) {
        Node exp =
                node.op().equals(new Unary(Unary.Function.RECIPROCAL)) ? oneLess(node.in(0)) : null;
        if (exp == null) {
            return null;
        }
        boolean matches =
                exp.op().equals(new Unary(Unary.Function.EXP))
                        && exp.in(0).op().equals(new Unary(Unary.Function.NEG));
        return matches ? context.node(new Unary(Unary.Function.SIGMOID), exp.in(0).in(0)) : null;
    }

    private Activations() {}

    private static @Nullable Clip bounds(Op op) {
        if (op.equals(RELU)) {
            return new Clip(0, Double.POSITIVE_INFINITY);
        }
        return op instanceof Clip clip ? clip : null;
    }

    private static double clamp(double value, Clip clip) {
        return Math.min(Math.max(value, clip.low()), clip.high());
    }

    /** The x of {@code x + 1}. */
    private static @Nullable Node oneLess(Node node) {
        boolean matches =
                node.op().equals(Algebra.ADD)
                        && Constants.isUniformly(node.in(1), 1)
                        && node.type().equals(node.in(0).type());
        return matches ? node.in(0) : null;
    }
}
