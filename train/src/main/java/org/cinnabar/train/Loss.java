package org.cinnabar.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.passes.gradients.Pullback;

/** What training makes small: the mean over a batch of a number for each of its examples. */
public sealed interface Loss {
    /** The loss in core ops, pullbacks for nodes on the way, and inputs beside the labels. */
    record Value(Node loss, Map<Node, Pullback> pullbacks, List<Node> inputs) {
        Value(Node loss, Map<Node, Pullback> pullbacks) {
            this(loss, pullbacks, List.of());
        }
    }

    /** The loss that validation reports. */
    default Loss judged() {
        return this;
    }

    /**
     * The loss of {@code scores[N,classes]}.
     *
     * @param labels {@code [N]}, the numbers of the classes; -1 for examples that do not count
     */
    Value of(Node scores, Node labels, Formula f);

    /**
     * The cross entropy of the softmax of the scores and the label, of which {@code smoothing} is
     * spread evenly over all classes.
     */
    record CrossEntropy(double smoothing) implements Loss {
        public CrossEntropy {
            if (!(smoothing >= 0 && smoothing < 1)) {
                throw new IllegalArgumentException(
                        "label smoothing " + smoothing + ": expected [0, 1)");
            }
        }

        @Override
        public Value of(Node scores, Node labels, Formula f) {
            int n = scores.shape().extent(0);
            int classes = scores.shape().extent(1);
            Node target = f.times(oneHot(labels, classes, f), 1 - smoothing);
            if (smoothing > 0) {
                target = f.plus(target, f.number(smoothing / classes));
            }
            LogSoftmax softmax = LogSoftmax.of(scores, f);
            Node loss = f.times(f.total(f.times(target, softmax.value())), -1.0 / n);
            return new Value(loss, softmax.pullbacks());
        }
    }

    /** {@code Σ_c max(0, 1 - t_c·y_c)²} with t the label as 1 among -1s. */
    record SquaredHinge() implements Loss {
        @Override
        public Value of(Node scores, Node labels, Formula f) {
            Node sign =
                    f.minus(f.times(oneHot(labels, scores.shape().extent(1), f), 2), f.number(1));
            Node margin = f.relu(f.minus(f.number(1), f.times(sign, scores)));
            Node total = f.total(f.times(margin, margin));
            return new Value(f.times(total, 1.0 / scores.shape().extent(0)), Map.of());
        }
    }

    /** The mean squared distance of the scores from the label as 1 among 0s. */
    record MeanSquare() implements Loss {
        @Override
        public Value of(Node scores, Node labels, Formula f) {
            Node error = f.minus(scores, oneHot(labels, scores.shape().extent(1), f));
            Node total = f.total(f.times(error, error));
            return new Value(f.times(total, 1.0 / scores.shape().count()), Map.of());
        }
    }

    /**
     * {@code (1 - soft)·} the cross entropy with the labels, and {@code soft·T²·} the cross entropy
     * of the scores with a teacher's, both over {@code T} before the softmax (Hinton, Vinyals and
     * Dean, Distilling the Knowledge in a Neural Network, 2015). The teacher's scores are the input
     * {@link StepGraph#TEACHER}.
     */
    record Distillation(double temperature, double soft) implements Loss {
        public Distillation {
            if (!(temperature > 0) || !(soft >= 0 && soft <= 1)) {
                throw new IllegalArgumentException(
                        "temperature %s and soft share %s: expected above 0, and [0, 1]"
                                .formatted(temperature, soft));
            }
        }

        @Override
        public Loss judged() {
            return new CrossEntropy(0);
        }

        @Override
        public Value of(Node scores, Node labels, Formula f) {
            Node teacher = f.builder().input(StepGraph.TEACHER, scores.type());
            Value hard = judged().of(scores, labels, f);
            LogSoftmax own = LogSoftmax.of(f.times(scores, 1 / temperature), f);
            Node target = f.exp(LogSoftmax.of(f.times(teacher, 1 / temperature), f).value());
            double weight = -soft * temperature * temperature / scores.shape().extent(0);
            Node distance = f.times(f.total(f.times(target, own.value())), weight);
            Map<Node, Pullback> pullbacks = new HashMap<>(hard.pullbacks());
            pullbacks.putAll(own.pullbacks());
            return new Value(
                    f.plus(f.times(hard.loss(), 1 - soft), distance), pullbacks, List.of(teacher));
        }
    }

    /** The labels as rows of one 1 among 0s; rows of 0s for -1. */
    static Node oneHot(Node labels, int classes, Formula f) {
        float[] numbers = new float[classes];
        for (int c = 0; c < classes; c++) {
            numbers[c] = c;
        }
        Node column = f.reshape(labels, labels.shape().extent(0), 1);
        Node row = f.builder().constant(Tensor.f32(Shape.of(1, classes), numbers));
        return f.count(f.equal(column, row));
    }

    /** {@code log softmax} of every row, its maximum taken off first. */
    record LogSoftmax(Node value, Map<Node, Pullback> pullbacks) {
        static LogSoftmax of(Node scores, Formula f) {
            Node greatest = f.greatest(scores, 1);
            Node shifted = f.minus(scores, greatest);
            Node sum = f.log(f.sum(f.exp(shifted), 1));
            Pullback none = new Pullback(List.of(), _ -> List.of());
            return new LogSoftmax(f.minus(shifted, sum), Map.of(greatest, none));
        }
    }

    /** How many examples score highest at their label; of equal scores the first counts. */
    static Node correct(Node scores, Node labels, Formula f) {
        int n = scores.shape().extent(0);
        int classes = scores.shape().extent(1);
        float[] numbers = new float[classes];
        for (int c = 0; c < classes; c++) {
            numbers[c] = c;
        }
        Node column = f.reshape(labels, n, 1);
        Node row = f.builder().constant(Tensor.f32(Shape.of(1, classes), numbers));
        Node own = f.sum(f.where(f.equal(column, row), scores, f.number(0)), 1);
        Node before = f.and(f.equal(own, scores), f.less(row, column));
        Node better = f.sum(f.count(f.or(f.less(own, scores), before)), 1);
        Node finite = f.equal(own, own);
        Node counts = f.and(f.less(f.number(-0.5), column), finite);
        return f.total(f.count(f.and(f.equal(better, f.number(0)), counts)));
    }
}
