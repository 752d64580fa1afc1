package org.cinnabar.train;

import java.util.List;

/**
 * How a step changes parameters.
 *
 * @param clip the greatest norm of all gradients together; infinite for no bound
 * @param averaging how much of a batch's statistics goes into the running ones
 * @param factors multiples of the learning rate for parameters by name
 * @param dropouts what layers read is zeroed at random
 */
public record Recipe(
        Loss loss,
        Optimizer optimizer,
        Proximal proximal,
        double clip,
        double averaging,
        List<Factor> factors,
        List<Dropout> dropouts) {
    /** A multiple of the learning rate for parameters whose names begin with {@code prefix}. */
    public record Factor(String prefix, double factor) {}

    public Recipe {
        factors = List.copyOf(factors);
        dropouts = List.copyOf(dropouts);
        if (!(clip > 0)) {
            throw new IllegalArgumentException("gradient norm " + clip + ": expected above 0");
        }
        if (!(averaging > 0 && averaging <= 1)) {
            throw new IllegalArgumentException("averaging " + averaging + ": expected (0, 1]");
        }
    }

    /** {@code loss} and {@code optimizer}, and nothing else. */
    public static Recipe of(Loss loss, Optimizer optimizer) {
        return new Recipe(
                loss,
                optimizer,
                new Proximal.None(),
                Double.POSITIVE_INFINITY,
                0.1,
                List.of(),
                List.of());
    }

    /** The share of what {@code layer} reads that is zeroed: the last that speaks of it counts. */
    double dropout(String layer) {
        return dropouts.stream()
                .filter(dropout -> layer.startsWith(dropout.prefix()))
                .mapToDouble(Dropout::share)
                .reduce(0, (_, last) -> last);
    }

    /** The product of the factors for the parameter {@code name}. */
    double factor(String name) {
        return factors.stream()
                .filter(factor -> name.startsWith(factor.prefix()))
                .mapToDouble(Factor::factor)
                .reduce(1, (a, b) -> a * b);
    }
}
