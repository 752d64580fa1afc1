package org.cinnabar.passes.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A linear map as a sequence of gates, each computed from earlier ones: {@code y = A·x} in fewer
 * operations than {@code A} has entries. Gates that no output needs are not there.
 *
 * @param inputs length of {@code x}
 * @param gates in the order of computation; the first {@code inputs} are the inputs
 * @param outputs the entries of {@code y}
 */
public record Circuit(int inputs, List<Gate> gates, List<Term> outputs) {
    /** One number of a circuit. Operands are positions of earlier gates. */
    sealed interface Gate {
        /** The input of that position. */
        record Input(int index) implements Gate {}

        /** {@code a + b}. */
        record Sum(int a, int b) implements Gate {}

        /** {@code a - b}. */
        record Difference(int a, int b) implements Gate {}

        /** {@code factor·a}; the factor is positive and not one. */
        record Multiple(double factor, int a) implements Gate {}
    }

    /** A gate's number times {@code sign}, which is 1, -1, or 0 for the constant zero. */
    record Term(int gate, int sign) {
        static final Term ZERO = new Term(-1, 0);

        boolean isZero() {
            return sign == 0;
        }

        Term negated() {
            return isZero() ? this : new Term(gate, -sign);
        }
    }

    public Circuit {
        gates = List.copyOf(gates);
        outputs = List.copyOf(outputs);
    }

    /** The sum of {@code count} numbers, from the first to the last. */
    public static Circuit sum(int count) {
        CircuitBuilder builder = new CircuitBuilder(count);
        Term sum = Term.ZERO;
        for (int i = 0; i < count; i++) {
            sum = builder.add(sum, builder.input(i));
        }
        return builder.circuit(List.of(sum));
    }

    /** Additions, subtractions and multiplications. */
    public int operations() {
        return gates.size() - inputs;
    }

    /** {@code A·x} in double precision. */
    public double[] apply(double... x) {
        if (x.length != inputs) {
            throw new IllegalArgumentException(
                    "circuit of " + inputs + " inputs applied to " + x.length);
        }
        double[] values = new double[gates.size()];
        for (int g = 0; g < values.length; g++) {
            values[g] =
                    switch (gates.get(g)) {
                        case Gate.Input(int index) -> x[index];
                        case Gate.Sum(int a, int b) -> values[a] + values[b];
                        case Gate.Difference(int a, int b) -> values[a] - values[b];
                        case Gate.Multiple(double factor, int a) -> factor * values[a];
                    };
        }
        return outputs.stream()
                .mapToDouble(term -> term.isZero() ? 0 : term.sign() * values[term.gate()])
                .toArray();
    }

    /**
     * The circuit of {@code Aᵀ}: the same gates with every wire reversed, and so about as many
     * operations.
     */
    public Circuit transposed() {
        CircuitBuilder builder = new CircuitBuilder(outputs.size());
        List<Term> sums = new ArrayList<>(Collections.nCopies(gates.size(), Term.ZERO));
        for (int i = 0; i < outputs.size(); i++) {
            Term output = outputs.get(i);
            if (!output.isZero()) {
                Term x = builder.input(i);
                accumulate(builder, sums, output.gate(), output.sign() > 0 ? x : x.negated());
            }
        }
        Term[] results = new Term[inputs];
        Arrays.fill(results, Term.ZERO);
        for (int g = gates.size() - 1; g >= 0; g--) {
            Term sum = sums.get(g);
            switch (gates.get(g)) {
                case Gate.Input(int index) -> results[index] = sum;
                case Gate.Sum(int a, int b) -> {
                    accumulate(builder, sums, a, sum);
                    accumulate(builder, sums, b, sum);
                }
                case Gate.Difference(int a, int b) -> {
                    accumulate(builder, sums, a, sum);
                    accumulate(builder, sums, b, sum.negated());
                }
                case Gate.Multiple(double factor, int a) ->
                        accumulate(builder, sums, a, builder.times(factor, sum));
            }
        }
        return builder.circuit(List.of(results));
    }

    private static void accumulate(CircuitBuilder builder, List<Term> sums, int gate, Term term) {
        sums.set(gate, builder.add(sums.get(gate), term));
    }
}
