package org.cinnabar.train;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.passes.gradients.FrequencyConv;
import org.cinnabar.passes.gradients.Pullback;

/**
 * A model as it is computed in training: batch normalizations use the statistics of the batch,
 * layers read masked values where there is dropout, convolutions are in the frequency domain where
 * that is quicker.
 */
final class TrainingForm {
    private final Map<Node, Node> images = new IdentityHashMap<>();
    private final Map<Node, Pullback> pullbacks = new HashMap<>();
    private final List<StepGraph.Mask> masks = new ArrayList<>();

    /** The form of all that the outputs of {@code trainable} need. */
    TrainingForm(
            Trainable trainable, Normalization normalization, Recipe recipe, StepOptions options) {
        for (Node node : trainable.nodes()) {
            List<Node> in = new ArrayList<>();
            node.in().forEach(operand -> in.add(requireNonNull(images.get(operand))));
            trainable.builder().at(node.origin());
            if (node.op() instanceof Contraction) {
                in.set(0, masked(in.getFirst(), node.origin().node(), trainable, recipe));
            }
            images.put(node, image(node, in, trainable, normalization, options));
        }
        pullbacks.putAll(normalization.pullbacks());
    }

    private Node masked(Node x, String layer, Trainable trainable, Recipe recipe) {
        double share = recipe.dropout(layer);
        if (share == 0) {
            return x;
        }
        String name = layer + ".dropout";
        Node mask = trainable.builder().input(name, x.type());
        masks.add(new StepGraph.Mask(name, mask, share));
        return new Formula(trainable.builder()).times(x, mask);
    }

    /** Inputs that are drawn anew for every step. */
    List<StepGraph.Mask> masks() {
        return masks;
    }

    private Node image(
            Node node,
            List<Node> in,
            Trainable trainable,
            Normalization normalization,
            StepOptions options) {
        if (node.op() instanceof BatchNorm(double epsilon)) {
            return normalization.normalized(in, epsilon);
        }
        if (node.op() instanceof Conv conv) {
            Optional<FrequencyConv> other =
                    FrequencyConv.of(
                            conv,
                            in.get(0),
                            in.get(1),
                            options.frequency(),
                            options.selection(),
                            trainable.builder());
            if (other.isPresent()) {
                pullbacks.put(other.get().value(), other.get().pullback());
                return other.get().value();
            }
        }
        return in.equals(node.in()) ? node : trainable.builder().node(node.op(), in);
    }

    /** What stands for each node in training. */
    Map<Node, Node> images() {
        return images;
    }

    /** How gradients pass through what is replaced. */
    Map<Node, Pullback> pullbacks() {
        return pullbacks;
    }
}
