package org.cinnabar.passes.transform;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cinnabar.passes.transform.Circuit.Term;

/**
 * Discrete Fourier transforms {@code X_k = Σ_j x_j·e^(-2πijk/n)} of any length: split radix with
 * conjugate pairs where four divides the length, the Cooley–Tukey step elsewhere.
 *
 * <p>Complex numbers are pairs of neighbouring inputs or outputs, real part first.
 */
public final class Fourier {
    /** A complex number. */
    record Complex(Term re, Term im) {
        static final Complex ZERO = new Complex(Term.ZERO, Term.ZERO);

        Complex conjugated() {
            return new Complex(re, im.negated());
        }
    }

    private final CircuitBuilder builder;

    private Fourier(CircuitBuilder builder) {
        this.builder = builder;
    }

    /** The transform of {@code n} complex numbers. Its inverse swaps real and imaginary parts. */
    public static Circuit complex(int n) {
        requirePositive(n);
        CircuitBuilder builder = new CircuitBuilder(2 * n);
        List<Complex> x =
                IntStream.range(0, n)
                        .mapToObj(j -> new Complex(builder.input(2 * j), builder.input(2 * j + 1)))
                        .toList();
        return builder.circuit(parts(new Fourier(builder).transform(x)));
    }

    /** The transform of {@code n} real numbers: the complex {@code X_0 ... X_(n/2)}. */
    public static Circuit real(int n) {
        requirePositive(n);
        CircuitBuilder builder = new CircuitBuilder(n);
        return builder.circuit(parts(new Fourier(builder).half(builder::input, n)));
    }

    /**
     * The real {@code x_j = Σ_k X_k·e^(2πijk/n)} of the complex {@code X_0 ... X_(n/2)}, of which
     * the others are the conjugates. Ignores the imaginary parts that have to be zero.
     */
    public static Circuit realInverse(int n) {
        requirePositive(n);
        CircuitBuilder builder = new CircuitBuilder(n);
        List<Term> outputs = new ArrayList<>(parts(new Fourier(builder).half(builder::input, n)));
        for (int i = 2; i < outputs.size() && i / 2 * 2 < n; i++) {
            outputs.set(i, builder.times(2, outputs.get(i)));
        }
        return builder.circuit(outputs).transposed();
    }

    private static void requirePositive(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("transform of " + n + " numbers");
        }
    }

    /** In {@code builder}, {@code X_0 ... X_(n/2)} of the real {@code x}. */
    static List<Complex> real(CircuitBuilder builder, IntFunction<Term> x, int n) {
        return new Fourier(builder).half(x, n);
    }

    private List<Complex> half(IntFunction<Term> x, int n) {
        List<Complex> numbers =
                IntStream.range(0, n).mapToObj(j -> new Complex(x.apply(j), Term.ZERO)).toList();
        return transform(numbers).subList(0, n / 2 + 1);
    }

    private static List<Term> parts(List<Complex> numbers) {
        return numbers.stream().flatMap(x -> Stream.of(x.re(), x.im())).toList();
    }

    private List<Complex> transform(List<Complex> x) {
        int n = x.size();
        if (n == 1) {
            return x;
        }
        boolean isReal = x.stream().allMatch(number -> number.im().isZero());
        Complex[] y = n % 4 == 0 ? splitRadix(x) : cooleyTukey(x, smallestFactor(n));
        if (isReal) {
            for (int k = n / 2 + 1; k < n; k++) {
                y[k] = y[n - k].conjugated();
            }
        }
        return List.of(y);
    }

    /** From the transforms of {@code x_2m}, {@code x_(4m+1)} and {@code x_(4m-1)}. */
    private Complex[] splitRadix(List<Complex> x) {
        int n = x.size();
        int quarter = n / 4;
        List<Complex> even = transform(every(x, 0, 2));
        List<Complex> next = transform(every(x, 1, 4));
        List<Complex> last = transform(every(x, n - 1, 4));
        Complex[] y = new Complex[n];
        for (int k = 0; k < quarter; k++) {
            Complex a = rotated(next.get(k), k, n);
            Complex b = rotated(last.get(k), -k, n);
            Complex sum = add(a, b);
            Complex turned = rotated(subtract(a, b), 1, 4);
            y[k] = add(even.get(k), sum);
            y[k + 2 * quarter] = subtract(even.get(k), sum);
            y[k + quarter] = add(even.get(k + quarter), turned);
            y[k + 3 * quarter] = subtract(even.get(k + quarter), turned);
        }
        return y;
    }

    /** From the transforms of every {@code p}th number; {@code p} is prime. */
    private Complex[] cooleyTukey(List<Complex> x, int p) {
        int n = x.size();
        int rest = n / p;
        List<List<Complex>> parts = new ArrayList<>();
        for (int j = 0; j < p; j++) {
            parts.add(transform(every(x, j, p)));
        }
        Complex[] y = new Complex[n];
        for (int k = 0; k < rest; k++) {
            List<Complex> column = new ArrayList<>();
            for (int j = 0; j < p; j++) {
                column.add(rotated(parts.get(j).get(k), j * k, n));
            }
            List<Complex> sums = prime(column);
            for (int j = 0; j < p; j++) {
                y[k + j * rest] = sums.get(j);
            }
        }
        return y;
    }

    /** By definition, with {@code x_j + x_(p-j)} and {@code x_j - x_(p-j)} made once. */
    private List<Complex> prime(List<Complex> x) {
        int p = x.size();
        if (p == 2) {
            return List.of(add(x.get(0), x.get(1)), subtract(x.get(0), x.get(1)));
        }
        Complex[] y = new Complex[p];
        y[0] = x.stream().reduce(Complex.ZERO, this::add);
        for (int k = 1; k <= p / 2; k++) {
            Complex even = x.getFirst();
            Complex odd = Complex.ZERO;
            for (int j = 1; j <= p / 2; j++) {
                even = add(even, times(cos(j * k, p), add(x.get(j), x.get(p - j))));
                odd = add(odd, times(cos(4 * j * k - p, 4 * p), subtract(x.get(j), x.get(p - j))));
            }
            Complex turned = rotated(odd, 1, 4);
            y[k] = add(even, turned);
            y[p - k] = subtract(even, turned);
        }
        return List.of(y);
    }

    private static List<Complex> every(List<Complex> x, int start, int step) {
        int n = x.size();
        return IntStream.range(0, n / step).mapToObj(m -> x.get((start + m * step) % n)).toList();
    }

    private static int smallestFactor(int n) {
        return IntStream.rangeClosed(2, n).filter(f -> n % f == 0).findFirst().orElseThrow();
    }

    private Complex add(Complex a, Complex b) {
        return new Complex(builder.add(a.re, b.re), builder.add(a.im, b.im));
    }

    private Complex subtract(Complex a, Complex b) {
        return new Complex(builder.subtract(a.re, b.re), builder.subtract(a.im, b.im));
    }

    private Complex times(double factor, Complex a) {
        return new Complex(builder.times(factor, a.re), builder.times(factor, a.im));
    }

    /** {@code a·e^(-2πik/n)}. */
    private Complex rotated(Complex a, int k, int n) {
        double cos = cos(k, n);
        double sin = cos(4 * k - n, 4 * n);
        if (Math.abs(cos) == Math.abs(sin) && !a.re.isZero() && !a.im.isZero()) {
            double side = Math.signum(cos) * Math.signum(sin);
            Term re = builder.add(a.re, side > 0 ? a.im : a.im.negated());
            Term im = builder.subtract(a.im, side > 0 ? a.re : a.re.negated());
            return new Complex(builder.times(cos, re), builder.times(cos, im));
        }
        return new Complex(
                builder.add(builder.times(cos, a.re), builder.times(sin, a.im)),
                builder.subtract(builder.times(cos, a.im), builder.times(sin, a.re)));
    }

    /**
     * {@code cos(2πk/n)}, so that angles whose cosines have the same magnitude give the same
     * number; 0, ½ and 1 are exact.
     */
    static double cos(int k, int n) {
        int divisor = BigInteger.valueOf(k).gcd(BigInteger.valueOf(n)).intValue();
        int turns = n / divisor;
        int angle = Math.floorMod(k / divisor, turns);
        if (2 * angle > turns) {
            return cos(turns - angle, turns);
        }
        if (4 * angle > turns) {
            return -cos(turns - 2 * angle, 2 * turns);
        }
        if (6 * angle == turns) {
            return 0.5;
        }
        return 8 * angle <= turns
                ? Math.cos(2 * Math.PI * angle / turns)
                : Math.sin(Math.PI * (turns - 4 * angle) / (2.0 * turns));
    }
}
