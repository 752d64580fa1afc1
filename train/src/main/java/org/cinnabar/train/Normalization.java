package org.cinnabar.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.passes.gradients.Pullback;

/**
 * Batch normalization in training: {@code y = scale·(x - mean)/√(variance + ε) + shift} with mean
 * and variance of the batch itself, whose running averages are kept for inference.
 *
 * <p>With {@code i = 1/√(variance + ε)} and {@code x̂ = (x - mean)·i}, gradients are {@code shift'
 * = Σg}, {@code scale' = Σg·x̂} and {@code x' = scale·i·(g - (shift' + x̂·scale')/m)}, the sums
 * over the m numbers of a channel (Ioffe and Szegedy, 2015).
 */
final class Normalization {
    private final double averaging;
    private final Formula f;
    private final Map<Node, Pullback> pullbacks = new HashMap<>();
    private final Map<Parameter, Node> statistics = new LinkedHashMap<>();
    private final Map<Node, Parameter> byInput = new IdentityHashMap<>();

    /** For batch normalizations of {@code trainable}. */
    Normalization(Trainable trainable, double averaging) {
        this.averaging = averaging;
        this.f = new Formula(trainable.builder());
        trainable.parameters().forEach(p -> byInput.put(p.input(), p));
    }

    /** How gradients pass through what is normalized. */
    Map<Node, Pullback> pullbacks() {
        return pullbacks;
    }

    /** Next values of the running statistics. */
    Map<Parameter, Node> statistics() {
        return statistics;
    }

    /** Normalizes {@code in}, the operands of a batch normalization. */
    Node normalized(List<Node> in, double epsilon) {
        Node x = in.get(0);
        Node scale = channels(in.get(1), x);
        Node shift = channels(in.get(2), x);
        double m = (double) x.shape().count() / x.shape().extent(1);
        Node mean = f.times(sum(x), 1 / m);
        Node centred = f.minus(x, mean);
        Node opposite = f.minus(mean, x);
        Node variance = f.times(sum(f.times(centred, centred)), 1 / m);
        average(in.get(3), mean);
        average(in.get(4), f.times(variance, m / Math.max(1, m - 1)));
        Node inverse = f.reciprocal(f.sqrt(f.plus(variance, f.number(epsilon))));
        Node factor = f.times(scale, inverse);
        Node y = f.plus(f.times(x, factor), f.minus(shift, f.times(mean, factor)));
        pullbacks.put(
                y,
                new Pullback(
                        List.of(x, in.get(1), in.get(2)),
                        g -> {
                            Node ofShift = sum(g);
                            Node ofScale = f.times(f.times(sum(f.times(g, opposite)), inverse), -1);
                            Node a = f.times(f.times(ofScale, inverse), -1 / m);
                            Node b =
                                    f.minus(f.times(f.times(mean, a), -1), f.times(ofShift, 1 / m));
                            Node inner = f.plus(g, f.plus(f.times(x, a), b));
                            return List.of(
                                    f.times(inner, factor),
                                    f.reshape(ofScale, in.get(1).shape()),
                                    f.reshape(ofShift, in.get(2).shape()));
                        }));
        return y;
    }

    private void average(Node running, Node ofBatch) {
        Parameter statistic = byInput.get(running);
        if (statistic != null) {
            Node kept = f.times(running, 1 - averaging);
            Node added = f.times(f.reshape(ofBatch, running.shape()), averaging);
            statistics.put(statistic, f.plus(kept, added));
        }
    }

    /** The sum of every channel: first within images, then over them. */
    private Node sum(Node x) {
        int rank = x.shape().rank();
        Node images = rank > 2 ? f.sum(x, IntStream.range(2, rank).toArray()) : x;
        return f.sum(images, 0);
    }

    private Node channels(Node perChannel, Node x) {
        long[] extents = new long[x.shape().rank()];
        Arrays.fill(extents, 1);
        extents[1] = x.shape().extent(1);
        return f.reshape(perChannel, Shape.of(extents));
    }
}
