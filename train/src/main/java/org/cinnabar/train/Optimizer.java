package org.cinnabar.train;

import java.util.List;
import org.cinnabar.ir.Node;

/**
 * How parameters follow their gradients. {@code rate} is the learning rate of the step, already
 * multiplied by the parameter's own factor.
 */
public sealed interface Optimizer {
    /** The next value of a parameter and of what is remembered about it. */
    record Update(Node parameter, List<Node> memory) {}

    /** How many tensors of the parameter's shape are remembered; they begin with zeros. */
    int memory();

    /** Weight decay, for parameters in the role of weights. */
    double decay();

    /**
     * One update in core ops.
     *
     * @param step the number of the step, from 1
     */
    Update update(
            Node parameter,
            Node gradient,
            List<Node> memory,
            Node rate,
            Node step,
            double decay,
            Formula f);

    /**
     * Stochastic gradient descent: {@code v' = momentum·v + g + decay·w}, {@code w' = w - rate·v'},
     * or with Nesterov's momentum {@code w' = w - rate·(g + decay·w + momentum·v')}.
     */
    record Sgd(double momentum, double decay, boolean nesterov) implements Optimizer {
        public Sgd {
            if (!(momentum >= 0 && momentum < 1) || !(decay >= 0)) {
                throw new IllegalArgumentException(
                        "momentum %s and decay %s: expected [0, 1) and not negative"
                                .formatted(momentum, decay));
            }
        }

        @Override
        public int memory() {
            return momentum > 0 ? 1 : 0;
        }

        @Override
        public Update update(
                Node w,
                Node gradient,
                List<Node> memory,
                Node rate,
                Node step,
                double decay,
                Formula f) {
            Node g = decay == 0 ? gradient : f.plus(gradient, f.times(w, decay));
            if (memory.isEmpty()) {
                return new Update(f.minus(w, f.times(rate, g)), List.of());
            }
            Node v = f.plus(f.times(memory.getFirst(), momentum), g);
            Node direction = nesterov ? f.plus(g, f.times(v, momentum)) : v;
            return new Update(f.minus(w, f.times(rate, direction)), List.of(v));
        }
    }

    /**
     * Adam (Kingma and Ba, 2015); {@code decoupled} takes the decay off the weights themselves, as
     * AdamW does (Loshchilov and Hutter, 2019).
     */
    record Adam(double beta1, double beta2, double epsilon, double decay, boolean decoupled)
            implements Optimizer {
        public Adam {
            if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1) || !(decay >= 0)) {
                throw new IllegalArgumentException(
                        "betas %s and %s, decay %s: expected [0, 1) and not negative"
                                .formatted(beta1, beta2, decay));
            }
        }

        @Override
        public int memory() {
            return 2;
        }

        @Override
        public Update update(
                Node w,
                Node gradient,
                List<Node> memory,
                Node rate,
                Node step,
                double decay,
                Formula f) {
            Node g = decay == 0 || decoupled ? gradient : f.plus(gradient, f.times(w, decay));
            Node m = f.plus(f.times(memory.get(0), beta1), f.times(g, 1 - beta1));
            Node v = f.plus(f.times(memory.get(1), beta2), f.times(f.times(g, g), 1 - beta2));
            Node mean = f.over(m, f.oneMinusPower(beta1, step));
            Node square = f.over(v, f.oneMinusPower(beta2, step));
            Node change = f.over(mean, f.plus(f.sqrt(square), f.number(epsilon)));
            if (decay != 0 && decoupled) {
                change = f.plus(change, f.times(w, decay));
            }
            return new Update(f.minus(w, f.times(rate, change)), List.of(m, v));
        }
    }
}
