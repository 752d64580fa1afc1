package org.cinnabar.ir.interp;

/**
 * The Gauss error function {@code 2/√π ∫₀ˣ exp(-t²) dt}, to within a few units in the last place.
 */
final class Erf {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

    private Erf() {}

    static double erf(double x) {
        double a = Math.abs(x);
        if (Double.isNaN(x)) {
            return x;
        }
        return Math.copySign(a < 3 ? series(a) : a < 6 ? 1 - complement(a) : 1, x);
    }

    /** {@code 2/√π·exp(-x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!}; no term is negative, so nothing cancels. */
    private static double series(double x) {
        double sum = 0;
        double term = x;
        for (int odd = 3; sum + term != sum; odd += 2) {
            sum += term;
            term *= 2 * x * x / odd;
        }
        return TWO_OVER_ROOT_PI * gauss(x) * sum;
    }

    /**
     * {@code exp(-x²)/√π · 1/(x + (1/2)/(x + (2/2)/(x + (3/2)/(x + ...))))} from the inside out.
     */
    private static double complement(double x) {
        double tail = x;
        for (int k = 60; k > 0; k--) {
            tail = x + k / 2.0 / tail;
        }
        return TWO_OVER_ROOT_PI / 2 * gauss(x) / tail;
    }

    /** {@code exp(-x²)} with the rounding error of the square taken back. */
    private static double gauss(double x) {
        double square = x * x;
        return Math.exp(-square) * (1 - Math.fma(x, x, -square));
    }
}
