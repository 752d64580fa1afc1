package org.cinnabar.passes.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.passes.transform.Circuit.Gate;
import org.cinnabar.passes.transform.Circuit.Term;

/**
 * Builds a circuit by computing with terms. Equal numbers become one gate, also where they differ
 * only in sign; adding zero and multiplying by 0, 1 or -1 makes none.
 */
final class CircuitBuilder {
    private final int inputs;
    private final List<Gate> gates = new ArrayList<>();
    private final Map<Gate, Integer> known = new HashMap<>();

    CircuitBuilder(int inputs) {
        this.inputs = inputs;
        for (int i = 0; i < inputs; i++) {
            term(new Gate.Input(i));
        }
    }

    Term input(int index) {
        return new Term(index, 1);
    }

    private Term term(Gate gate) {
        Integer at = known.get(gate);
        if (at == null) {
            at = gates.size();
            gates.add(gate);
            known.put(gate, at);
        }
        return new Term(at, 1);
    }

    Term add(Term a, Term b) {
        if (a.isZero()) {
            return b;
        }
        if (b.isZero()) {
            return a;
        }
        if (a.gate() == b.gate()) {
            return a.sign() == b.sign() ? times(2, a) : Term.ZERO;
        }
        int first = Math.min(a.gate(), b.gate());
        int second = Math.max(a.gate(), b.gate());
        Term sum =
                term(
                        a.sign() == b.sign()
                                ? new Gate.Sum(first, second)
                                : new Gate.Difference(first, second));
        int sign = a.gate() == first ? a.sign() : b.sign();
        return sign > 0 ? sum : sum.negated();
    }

    Term subtract(Term a, Term b) {
        return add(a, b.negated());
    }

    Term times(double factor, Term a) {
        if (factor == 0 || a.isZero()) {
            return Term.ZERO;
        }
        if (factor < 0) {
            return times(-factor, a).negated();
        }
        if (factor == 1) {
            return a;
        }
        Term product =
                gates.get(a.gate()) instanceof Gate.Multiple(double inner, int operand)
                        ? times(factor * inner, new Term(operand, 1))
                        : term(new Gate.Multiple(factor, a.gate()));
        return a.sign() > 0 ? product : product.negated();
    }

    /** The circuit of {@code outputs}, without the gates that they do not need. */
    Circuit circuit(List<Term> outputs) {
        boolean[] needed = new boolean[gates.size()];
        for (Term output : outputs) {
            if (!output.isZero()) {
                needed[output.gate()] = true;
            }
        }
        for (int g = gates.size() - 1; g >= 0; g--) {
            if (needed[g]) {
                switch (gates.get(g)) {
                    case Gate.Input _ -> {}
                    case Gate.Sum(int a, int b) -> needed[a] = needed[b] = true;
                    case Gate.Difference(int a, int b) -> needed[a] = needed[b] = true;
                    case Gate.Multiple(_, int a) -> needed[a] = true;
                }
            }
        }
        int[] moved = new int[gates.size()];
        List<Gate> kept = new ArrayList<>();
        for (int g = 0; g < needed.length; g++) {
            if (needed[g] || g < inputs) {
                moved[g] = kept.size();
                kept.add(moved(gates.get(g), moved));
            }
        }
        return new Circuit(
                inputs,
                kept,
                outputs.stream()
                        .map(o -> o.isZero() ? o : new Term(moved[o.gate()], o.sign()))
                        .toList());
    }

    private static Gate moved(Gate gate, int[] to) {
        return switch (gate) {
            case Gate.Input input -> input;
            case Gate.Sum(int a, int b) -> new Gate.Sum(to[a], to[b]);
            case Gate.Difference(int a, int b) -> new Gate.Difference(to[a], to[b]);
            case Gate.Multiple(double factor, int a) -> new Gate.Multiple(factor, to[a]);
        };
    }
}
