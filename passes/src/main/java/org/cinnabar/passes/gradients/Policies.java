package org.cinnabar.passes.gradients;

import java.util.Map;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Gather;

/** How the numbers of a weight are made of trained ones, and how gradients find their way back. */
public final class Policies {
    /** The numbers as they act, and the pullbacks that differentiating them takes. */
    public record Effective(Node value, Map<Node, Pullback> pullbacks) {
        public Effective {
            pullbacks = Map.copyOf(pullbacks);
        }
    }

    private Policies() {}

    /** The trained numbers themselves. */
    public static Effective exact(Node trained) {
        return new Effective(trained, Map.of());
    }

    /**
     * {@code signs · trained[index]}: places that share a number. The gradient of a number is the
     * signed sum over its places.
     *
     * @param trained a vector
     * @param index integers of the weight's shape
     * @param signs 1 and -1, of the weight's shape
     */
    public static Effective tied(Node trained, Tensor index, Tensor signs, GraphBuilder builder) {
        Node picked = builder.node(new Gather(0), trained, builder.constant(index));
        return new Effective(product(picked, signs, builder), Map.of());
    }

    /**
     * {@code quantised}, a function of {@code trained} whose gradient passes where {@code |trained|
     * ≤ 1} and stops elsewhere (Hubara et al., Binarized Neural Networks, 2016).
     */
    public static Effective straightThrough(Node quantised, Node trained, GraphBuilder builder) {
        Node surrogate = builder.node(new Clip(-1, 1), trained);
        return new Effective(quantised, Map.of(quantised, Pullback.as(surrogate)));
    }

    /** {@code mask · trained}: what is masked stays as it is (Han et al., 2015). */
    public static Effective masked(Node trained, Tensor mask, GraphBuilder builder) {
        return new Effective(product(trained, mask, builder), Map.of());
    }

    /**
     * {@code mask · trained} with the gradient of {@code trained}, so that what is masked can come
     * back (Guo et al., Dynamic Network Surgery, 2016).
     */
    public static Effective dense(Node trained, Tensor mask, GraphBuilder builder) {
        Node masked = product(trained, mask, builder);
        return new Effective(masked, Map.of(masked, Pullback.as(trained)));
    }

    private static Node product(Node trained, Tensor factor, GraphBuilder builder) {
        return builder.node(new Binary(Binary.Function.MUL), trained, builder.constant(factor));
    }
}
