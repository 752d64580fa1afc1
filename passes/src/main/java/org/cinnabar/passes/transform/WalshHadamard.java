package org.cinnabar.passes.transform;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.passes.transform.Circuit.Term;

/**
 * The Walsh–Hadamard transform {@code y_k = Σ_j (-1)^popcount(j&k)·x_j}, in Hadamard's order and
 * without scaling; it is its own inverse up to the factor n.
 */
public final class WalshHadamard {
    private WalshHadamard() {}

    /** The transform of {@code n} numbers, a power of two. */
    public static Circuit of(int n) {
        if (Integer.bitCount(n) != 1) {
            throw new IllegalArgumentException("Walsh-Hadamard transform of " + n + " numbers");
        }
        CircuitBuilder builder = new CircuitBuilder(n);
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            terms.add(builder.input(i));
        }
        for (int step = 1; step < n; step *= 2) {
            for (int i = 0; i < n; i++) {
                if ((i & step) == 0) {
                    Term a = terms.get(i);
                    Term b = terms.get(i + step);
                    terms.set(i, builder.add(a, b));
                    terms.set(i + step, builder.subtract(a, b));
                }
            }
        }
        return builder.circuit(terms);
    }
}
