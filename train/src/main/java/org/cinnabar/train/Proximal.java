package org.cinnabar.train;

import java.util.stream.IntStream;
import org.cinnabar.ir.Node;

/** What happens to weights after every update, for the sake of a penalty without gradient. */
public sealed interface Proximal {
    /** The weights {@code w}, output channels last, after a step of learning rate {@code rate}. */
    Node apply(Node w, Node rate, Formula f);

    /** Nothing. */
    record None() implements Proximal {
        @Override
        public Node apply(Node w, Node rate, Formula f) {
            return w;
        }
    }

    /** The penalty {@code strength·Σ|w|}: soft thresholding. */
    record L1(double strength) implements Proximal {
        @Override
        public Node apply(Node w, Node rate, Formula f) {
            Node kept = f.relu(f.minus(f.abs(w), f.times(rate, strength)));
            return f.times(f.sign(w), kept);
        }
    }

    /** The penalty {@code strength·Σ‖w_k‖} over output channels k: whole channels vanish. */
    record GroupLasso(double strength) implements Proximal {
        @Override
        public Node apply(Node w, Node rate, Formula f) {
            int last = w.shape().rank() - 1;
            int[] axes = IntStream.range(0, last).toArray();
            Node norm = f.sqrt(f.sum(f.times(w, w), axes));
            Node ratio = f.over(f.times(rate, strength), f.plus(norm, f.number(1e-12)));
            return f.times(w, f.relu(f.minus(f.number(1), ratio)));
        }
    }
}
