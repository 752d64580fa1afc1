package org.cinnabar.passes.transform;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every transform, and the code made of it, against its definition in double precision. */
class TransformTest {
    private static final double ROUNDING = 1e-12;

    private static double[] numbers(int count) {
        return new Random(count).doubles(count, -1, 1).toArray();
    }

    /** Asserts that {@code circuit} and its code multiply by {@code matrix}. */
    private static void assertMultiplies(Circuit circuit, double[][] matrix) {
        double[] x = numbers(matrix[0].length);
        double[] y = circuit.apply(x);
        double[] coded = run(circuit, x);
        assertThat(y).hasSize(matrix.length);
        for (int i = 0; i < y.length; i++) {
            double expected = 0;
            for (int j = 0; j < x.length; j++) {
                expected += matrix[i][j] * x[j];
            }
            assertThat(y[i]).as("output %d", i).isCloseTo(expected, within(ROUNDING * x.length));
            assertThat(coded[i]).as("coded %d", i).isCloseTo(expected, within(1e-6 * x.length));
        }
    }

    private static double[] run(Circuit circuit, double[] x) {
        List<Stmt> code = new ArrayList<>();
        IntFunction<Value> input = i -> new Value.Local("x" + i, 8);
        List<Value> outputs = Codelet.append(circuit, 8, "t", input, code);
        Map<String, Double> locals = new HashMap<>();
        for (int i = 0; i < x.length; i++) {
            locals.put("x" + i, x[i]);
        }
        for (Stmt stmt : code) {
            if (stmt instanceof Stmt.Let(Value.Local local, Value value)) {
                assertThat(locals.put(local.name(), evaluate(value, locals))).isNull();
            }
        }
        return outputs.stream().mapToDouble(value -> evaluate(value, locals)).toArray();
    }

    private static double evaluate(Value value, Map<String, Double> locals) {
        return switch (value) {
            case Value.Const(float number, _) -> number;
            case Value.Local(String name, _) -> requireNonNull(locals.get(name));
            case Value.Unary(Value.UnaryFunction f, Value a) when f == Value.UnaryFunction.NEG ->
                    -evaluate(a, locals);
            case Value.Binary(Value.BinaryFunction f, Value a, Value b) ->
                    switch (f) {
                        case ADD -> evaluate(a, locals) + evaluate(b, locals);
                        case SUB -> evaluate(a, locals) - evaluate(b, locals);
                        case MUL -> evaluate(a, locals) * evaluate(b, locals);
                        default -> throw new AssertionError(f);
                    };
            case Value.Fma(Value a, Value b, Value c) ->
                    evaluate(a, locals) * evaluate(b, locals) + evaluate(c, locals);
            default -> throw new AssertionError(value);
        };
    }

    /** Rows and columns of real and imaginary parts in turn. */
    private static double[][] complexFourier(int n) {
        double[][] matrix = new double[2 * n][2 * n];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                double angle = -2 * Math.PI * ((long) j * k % n) / n;
                matrix[2 * k][2 * j] = Math.cos(angle);
                matrix[2 * k][2 * j + 1] = -Math.sin(angle);
                matrix[2 * k + 1][2 * j] = Math.sin(angle);
                matrix[2 * k + 1][2 * j + 1] = Math.cos(angle);
            }
        }
        return matrix;
    }

    private static double[][] realFourier(int n) {
        double[][] all = complexFourier(n);
        return IntStream.range(0, 2 * (n / 2 + 1))
                .mapToObj(k -> IntStream.range(0, n).mapToDouble(j -> all[k][2 * j]).toArray())
                .toArray(double[][]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 24, 32, 48, 64})
    void transformsComplexNumbers(int n) {
        assertMultiplies(Fourier.complex(n), complexFourier(n));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 20, 32, 64})
    void transformsRealNumbers(int n) {
        assertMultiplies(Fourier.real(n), realFourier(n));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 20, 32, 64})
    void transformsBackToRealNumbers(int n) {
        double[] x = numbers(n);
        double[] back = Fourier.realInverse(n).apply(Fourier.real(n).apply(x));
        for (int j = 0; j < n; j++) {
            assertThat(back[j] / n).isCloseTo(x[j], within(ROUNDING));
        }
    }

    private static double[][] cosine(int n) {
        double[][] matrix = new double[n][n];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                matrix[k][j] =
                        Math.sqrt((k == 0 ? 1.0 : 2.0) / n)
                                * Math.cos(Math.PI * ((2 * j + 1) * k % (4 * n)) / (2 * n));
            }
        }
        return matrix;
    }

    private static double[][] transposed(double[][] matrix) {
        return IntStream.range(0, matrix[0].length)
                .mapToObj(
                        j ->
                                IntStream.range(0, matrix.length)
                                        .mapToDouble(i -> matrix[i][j])
                                        .toArray())
                .toArray(double[][]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 8, 12, 16, 31, 32, 64})
    void transformsToCosinesAndBack(int n) {
        assertMultiplies(Cosine.second(n), cosine(n));
        assertMultiplies(Cosine.third(n), transposed(cosine(n)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16, 64, 256})
    void transformsToWalshFunctions(int n) {
        double[][] matrix = new double[n][n];
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                matrix[k][j] = Integer.bitCount(j & k) % 2 == 0 ? 1 : -1;
            }
        }
        assertMultiplies(WalshHadamard.of(n), matrix);
        assertThat(WalshHadamard.of(n).operations())
                .isEqualTo(n * Integer.numberOfTrailingZeros(n));
    }

    @Test
    void rejectsLengthsThatWalshFunctionsDoNotHave() {
        assertThatThrownBy(() -> WalshHadamard.of(12)).hasMessageContaining("12 numbers");
        assertThatThrownBy(() -> Fourier.real(0)).hasMessageContaining("0 numbers");
    }

    /** 4n·lg n - 6n + 8 for complex numbers, and about half of that for real ones. */
    @ParameterizedTest
    @CsvSource({"4,16,6", "8,56,22", "16,168,70", "32,456,198", "64,1160,518"})
    void needsNoMoreOperationsThanSplitRadix(int n, int complex, int real) {
        assertThat(Fourier.complex(n).operations()).isLessThanOrEqualTo(complex);
        assertThat(Fourier.real(n).operations()).isLessThanOrEqualTo(real);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 16, 32})
    void negatesNothingThatCanBeSubtracted(int n) {
        List<Stmt> code = new ArrayList<>();
        List<Value> outputs =
                Codelet.append(
                        Fourier.complex(n), 16, "t", i -> new Value.Local("x" + i, 16), code);
        assertThat(outputs).noneMatch(Value.Unary.class::isInstance);
        assertThat(code.size()).isLessThanOrEqualTo(Fourier.complex(n).gates().size());
    }
}
