package org.cinnabar.passes.simplify;

import java.util.Arrays;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.rewrite.Context;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation in terms of arithmetic; what scales and shifts then fold into is the business
 * of other rules.
 */
final class Normalization {
    /**
     * {@code batchnorm(x, scale, bias, mean, variance) → x · a + b} with {@code a = scale /
     * √(variance + epsilon)} and {@code b = bias - mean · a} per channel, computed in double
     * precision where the parameters are constants.
     */
    static final Rule EXPAND_BATCH_NORM =
            Rule.rounding("expand-batch-norm", 1e-5, Normalization::expandBatchNorm);

    private static @Nullable Node expandBatchNorm(Node node, Context context) {
        return node.op() instanceof BatchNorm(double epsilon)
                ? expand(epsilon, node, context)
                : null;
    }

    private Normalization() {}

    private static Node expand(double epsilon, Node node, Context context) {
        long[] ones = new long[node.shape().rank() - 1];
        Arrays.fill(ones, 1);
        Shape perChannel = Shape.of(ones).with(0, node.shape().dim(1));
        boolean known = node.in().subList(1, 5).stream().allMatch(Constants::isConstant);
        return known
                ? byConstants(epsilon, node, perChannel, context)
                : byValues(epsilon, node, perChannel, context);
    }

    private static Node byConstants(double epsilon, Node node, Shape perChannel, Context context) {
        double[] scale = Constants.value(node.in(1)).toDoubles();
        double[] bias = Constants.value(node.in(2)).toDoubles();
        double[] mean = Constants.value(node.in(3)).toDoubles();
        double[] variance = Constants.value(node.in(4)).toDoubles();
        float[] a = new float[scale.length];
        float[] b = new float[scale.length];
        for (int c = 0; c < scale.length; c++) {
            double factor = scale[c] / Math.sqrt(variance[c] + epsilon);
            a[c] = (float) factor;
            b[c] = (float) (bias[c] - mean[c] * factor);
        }
        Node scaled =
                context.node(Algebra.MUL, node.in(0), context.constant(Tensor.f32(perChannel, a)));
        return context.node(Algebra.ADD, scaled, context.constant(Tensor.f32(perChannel, b)));
    }

    private static Node byValues(double epsilon, Node node, Shape perChannel, Context context) {
        Reshape reshape = new Reshape(perChannel);
        Node scale = context.node(reshape, node.in(1));
        Node bias = context.node(reshape, node.in(2));
        Node mean = context.node(reshape, node.in(3));
        Node variance = context.node(reshape, node.in(4));
        Node above = context.constant(Tensor.scalar((float) epsilon));
        Node deviation =
                context.node(
                        new Unary(Unary.Function.SQRT), context.node(Algebra.ADD, variance, above));
        Node a = context.node(Algebra.DIV, scale, deviation);
        Node centred = context.node(Algebra.SUB, node.in(0), mean);
        return context.node(Algebra.ADD, context.node(Algebra.MUL, centred, a), bias);
    }
}
