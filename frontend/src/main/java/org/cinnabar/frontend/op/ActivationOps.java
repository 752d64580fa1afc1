package org.cinnabar.frontend.op;

import java.util.List;
import java.util.function.BiFunction;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Unary;

/** Activation functions. */
final class ActivationOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("Relu", 6, n -> n.relu(n.in(0))),
                    OpRow.of("Sigmoid", 6, n -> sigmoid(n, n.in(0))),
                    OpRow.of("Tanh", 6, n -> tanh(n, n.in(0))),
                    OpRow.of("Softplus", 1, n -> n.unary(Unary.Function.SOFTPLUS, n.in(0))),
                    OpRow.of(
                            "Softsign",
                            1,
                            n -> n.div(n.in(0), n.add(n.unary(Unary.Function.ABS, n.in(0)), 1))),
                    OpRow.of("LeakyRelu", 6, ActivationOps::leakyRelu),
                    OpRow.of(
                            "PRelu",
                            7,
                            n -> n.add(n.relu(n.in(0)), n.mul(n.negativePart(n.in(0)), n.in(1)))),
                    OpRow.of("ThresholdedRelu", 10, ActivationOps::thresholdedRelu),
                    OpRow.of("Elu", 6, n -> elu(n, n.number("alpha", 1))),
                    OpRow.of(
                            "Selu",
                            6,
                            n ->
                                    n.mul(
                                            elu(n, n.number("alpha", 1.67326319217681884765625)),
                                            n.number("gamma", 1.05070102214813232421875))),
                    OpRow.of("Celu", 12, ActivationOps::celu),
                    OpRow.of(
                            "HardSigmoid",
                            6,
                            n -> hardSigmoid(n, n.number("alpha", 0.2f), n.number("beta", 0.5))),
                    OpRow.of("HardSwish", 14, n -> n.mul(n.in(0), hardSigmoid(n, 1.0 / 6, 0.5))),
                    OpRow.of(
                            "Mish",
                            18,
                            n ->
                                    n.mul(
                                            n.in(0),
                                            tanh(n, n.unary(Unary.Function.SOFTPLUS, n.in(0))))),
                    OpRow.of(
                            "Swish",
                            24,
                            n -> n.mul(n.in(0), sigmoid(n, n.mul(n.in(0), n.number("alpha", 1))))),
                    OpRow.of("Gelu", 20, ActivationOps::gelu),
                    OpRow.microsoft("Gelu", ActivationOps::gelu),
                    OpRow.of("Shrink", 9, ActivationOps::shrink),
                    OpRow.of(
                            "Clip",
                            6,
                            n ->
                                    n.clip(
                                            n.in(0),
                                            n.number("min", Double.NEGATIVE_INFINITY),
                                            n.number("max", Double.POSITIVE_INFINITY))),
                    OpRow.of("Clip", 11, ActivationOps::clip),
                    OpRow.of("Softmax", 1, n -> overTail(n, ActivationOps::softmax)),
                    OpRow.of("Softmax", 13, n -> overAxis(n, ActivationOps::softmax)),
                    OpRow.of("LogSoftmax", 1, n -> overTail(n, ActivationOps::logSoftmax)),
                    OpRow.of("LogSoftmax", 13, n -> overAxis(n, ActivationOps::logSoftmax)));

    private ActivationOps() {}

    private static Node sigmoid(OnnxNode n, Node x) {
        return n.unary(Unary.Function.SIGMOID, x);
    }

    private static Node tanh(OnnxNode n, Node x) {
        return n.unary(Unary.Function.TANH, x);
    }

    /**
     * {@code x > 0 ? x : alpha·x} is the larger of the two for {@code alpha <= 1}, else the
     * smaller.
     */
    private static Node leakyRelu(OnnxNode n) {
        Node x = n.in(0);
        double alpha = n.number("alpha", 0.01f);
        return n.binary(alpha <= 1 ? Binary.Function.MAX : Binary.Function.MIN, x, n.mul(x, alpha));
    }

    private static Node thresholdedRelu(OnnxNode n) {
        Node x = n.in(0);
        Node alpha = n.scalar(x.type().dtype(), n.number("alpha", 1));
        return n.select(n.binary(Binary.Function.LESS, alpha, x), x, n.scalar(x.type().dtype(), 0));
    }

    /** {@code max(x, 0) + alpha·(exp(min(x, 0)) - 1)}. */
    private static Node elu(OnnxNode n, double alpha) {
        Node x = n.in(0);
        return n.add(n.relu(x), n.mul(n.sub(n.exp(n.negativePart(x)), 1), alpha));
    }

    private static Node celu(OnnxNode n) {
        Node x = n.in(0);
        double alpha = n.number("alpha", 1);
        return n.add(n.relu(x), n.mul(n.sub(n.exp(n.div(n.negativePart(x), alpha)), 1), alpha));
    }

    private static Node hardSigmoid(OnnxNode n, double alpha, double beta) {
        return n.clip(n.add(n.mul(n.in(0), alpha), beta), 0, 1);
    }

    private static Node gelu(OnnxNode n) {
        Node x = n.in(0);
        String approximate = n.text("approximate", "none");
        Node step =
                switch (approximate) {
                    case "none" -> n.unary(Unary.Function.ERF, n.mul(x, Math.sqrt(0.5)));
                    case "tanh" ->
                            tanh(
                                    n,
                                    n.mul(
                                            n.add(x, n.mul(n.mul(n.square(x), x), 0.044715)),
                                            Math.sqrt(2 / Math.PI)));
                    default -> throw n.unsupported("approximate", approximate, "none or tanh");
                };
        return n.mul(n.mul(x, 0.5), n.add(step, 1));
    }

    /** {@code x + bias} below {@code -lambd}, {@code x - bias} above {@code lambd}, 0 between. */
    private static Node shrink(OnnxNode n) {
        Node x = n.in(0);
        double bias = n.number("bias", 0);
        double lambda = n.number("lambd", 0.5);
        Node below = n.binary(Binary.Function.LESS, x, n.scalar(x.type().dtype(), -lambda));
        Node above = n.binary(Binary.Function.LESS, n.scalar(x.type().dtype(), lambda), x);
        return n.select(
                below,
                n.add(x, bias),
                n.select(above, n.sub(x, bias), n.scalar(x.type().dtype(), 0)));
    }

    /** Bounds as operands; computed ones, and a lower above the upper, are minima and maxima. */
    private static Node clip(OnnxNode n) {
        Node x = n.in(0);
        boolean known =
                (!n.has(1) || n.known(1).isPresent()) && (!n.has(2) || n.known(2).isPresent());
        double low = known && n.has(1) ? n.number(1, "min") : Double.NEGATIVE_INFINITY;
        double high = known && n.has(2) ? n.number(2, "max") : Double.POSITIVE_INFINITY;
        if (known && low <= high) {
            return n.clip(x, low, high);
        }
        Node raised = n.has(1) ? n.binary(Binary.Function.MAX, x, n.in(1)) : x;
        return n.has(2) ? n.binary(Binary.Function.MIN, raised, n.in(2)) : raised;
    }

    /** Up to opset 12 the axes from {@code axis} on are one. */
    private static Node overTail(OnnxNode n, Normaliser f) {
        int rank = n.in(0).shape().rank();
        return f.apply(n, OnnxNode.axes(n.axis(n.integer("axis", 1), n.in(0)), rank));
    }

    private static Node overAxis(OnnxNode n, Normaliser f) {
        return f.apply(n, List.of(n.axis(n.integer("axis", -1), n.in(0))));
    }

    private interface Normaliser extends BiFunction<OnnxNode, List<Integer>, Node> {}

    private static Node softmax(OnnxNode n, List<Integer> axes) {
        Node e = n.exp(n.sub(n.in(0), n.reduce(Reduce.Function.MAX, n.in(0), axes)));
        return n.div(e, n.reduce(Reduce.Function.SUM, e, axes));
    }

    private static Node logSoftmax(OnnxNode n, List<Integer> axes) {
        Node below = n.sub(n.in(0), n.reduce(Reduce.Function.MAX, n.in(0), axes));
        return n.sub(below, n.log(n.reduce(Reduce.Function.SUM, n.exp(below), axes)));
    }
}
