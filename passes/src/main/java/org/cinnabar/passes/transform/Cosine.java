package org.cinnabar.passes.transform;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.passes.transform.Circuit.Term;
import org.cinnabar.passes.transform.Fourier.Complex;

/**
 * Orthonormal cosine transforms, by one real Fourier transform (Makhoul, 1980): {@code y_k =
 * √(2/n)·ε_k·Σ_j x_j·cos(π(2j+1)k/2n)} with {@code ε_0 = √½}, else 1.
 */
public final class Cosine {
    private Cosine() {}

    /** The transform of {@code n} numbers, DCT-II. */
    public static Circuit second(int n) {
        CircuitBuilder builder = new CircuitBuilder(n);
        List<Complex> half =
                Fourier.real(builder, j -> builder.input(2 * j < n ? 2 * j : 2 * (n - j) - 1), n);
        List<Term> outputs = new ArrayList<>();
        for (int k = 0; k < n; k++) {
            Complex x = 2 * k <= n ? half.get(k) : half.get(n - k).conjugated();
            double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / n);
            outputs.add(
                    builder.add(
                            builder.times(scale * Fourier.cos(k, 4 * n), x.re()),
                            builder.times(scale * Fourier.cos(k - n, 4 * n), x.im())));
        }
        return builder.circuit(outputs);
    }

    /** Its inverse, DCT-III. */
    public static Circuit third(int n) {
        return second(n).transposed();
    }
}
