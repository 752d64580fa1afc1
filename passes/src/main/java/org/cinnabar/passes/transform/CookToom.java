package org.cinnabar.passes.transform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cinnabar.passes.transform.Circuit.Term;

/**
 * The minimal filtering algorithm {@code F(m, r)}: {@code m} neighbouring outputs of a filter with
 * {@code r} taps in {@code m + r - 1} multiplications, {@code y = Aᵀ[(G·g) ∘ (Bᵀ·d)]} with {@code
 * y_i = Σ_k d_{i+k}·g_k}.
 *
 * <p>Toom and Cook's polynomial multiplication at the points 0, 1, -1, 2, -2, 1/2, ... and
 * infinity, transposed (Winograd; Lavin and Gray, "Fast Algorithms for Convolutional Neural
 * Networks", 2016). All entries are exact; {@code G} takes the denominators.
 *
 * <p>With a stride {@code s}, {@code y_i = Σ_k d_{si+k}·g_k}, each of {@code s} phases is a filter
 * of its own, of every s-th tap and input; the outputs are their sums.
 *
 * @param outputs {@code m}
 * @param taps {@code r}
 * @param stride {@code s}
 */
public record CookToom(int outputs, int taps, int stride) {
    private static final List<Rational> POINTS = points();

    /** With stride 1. */
    public CookToom(int outputs, int taps) {
        this(outputs, taps, 1);
    }

    /** Rejects fewer than one output or tap of a phase, and more points than are known. */
    public CookToom {
        if (outputs < 1
                || stride < 1
                || taps < stride
                || outputs + Math.ceilDiv(taps, stride) - 2 > POINTS.size()) {
            throw new IllegalArgumentException(
                    "no algorithm F(" + outputs + ", " + taps + ") of stride " + stride);
        }
    }

    private static List<Rational> points() {
        List<Rational> points = new ArrayList<>(List.of(Rational.ZERO));
        for (Rational point :
                List.of(
                        Rational.ONE,
                        Rational.of(2),
                        new Rational(1, 2),
                        Rational.of(4),
                        new Rational(1, 4))) {
            points.add(point);
            points.add(point.negated());
        }
        return List.copyOf(points);
    }

    /** Numbers in the transform domain and inputs of a tile: {@code s(m - 1) + r}. */
    public int size() {
        return stride * (outputs - 1) + taps;
    }

    /** The algorithm of every s-th tap from {@code phase} on. */
    private CookToom phase(int phase) {
        return new CookToom(outputs, Math.ceilDiv(taps - phase, stride));
    }

    /**
     * Rows of {@code matrix} of every phase, whose columns are of every s-th of {@code columns}.
     */
    private List<List<Rational>> phases(
            Function<CookToom, List<List<Rational>>> matrix, int columns) {
        List<List<Rational>> rows = new ArrayList<>();
        for (int phase = 0; phase < stride; phase++) {
            for (List<Rational> entries : matrix.apply(phase(phase))) {
                List<Rational> row = new ArrayList<>(Collections.nCopies(columns, Rational.ZERO));
                for (int i = 0; i < entries.size(); i++) {
                    row.set(phase + i * stride, entries.get(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    private List<Rational> finitePoints() {
        return POINTS.subList(0, size() - 1);
    }

    /** {@code Bᵀ}, square: row j holds the coefficients of {@code Π_{l≠j} (x - a_l)}. */
    List<List<Rational>> input() {
        return phases(CookToom::phaseInput, size());
    }

    private List<List<Rational>> phaseInput() {
        List<List<Rational>> rows = new ArrayList<>();
        for (int j = 0; j < size(); j++) {
            List<Rational> product = new ArrayList<>(List.of(Rational.ONE));
            for (int l = 0; l < size() - 1; l++) {
                if (l != j) {
                    timesLinear(product, finitePoints().get(l));
                }
            }
            while (product.size() < size()) {
                product.add(Rational.ZERO);
            }
            rows.add(isFlipped(j) ? product.stream().map(Rational::negated).toList() : product);
        }
        return rows;
    }

    /** {@code polynomial·(x - root)}; coefficients in ascending order. */
    private static void timesLinear(List<Rational> polynomial, Rational root) {
        polynomial.addFirst(Rational.ZERO);
        for (int i = 0; i + 1 < polynomial.size(); i++) {
            polynomial.set(i, polynomial.get(i).minus(polynomial.get(i + 1).times(root)));
        }
    }

    /** {@code G}, of {@code r} columns: {@code a_j^i / Π_{l≠j} (a_j - a_l)}. */
    List<List<Rational>> filter() {
        return phases(CookToom::phaseFilter, taps);
    }

    private List<List<Rational>> phaseFilter() {
        List<List<Rational>> rows = new ArrayList<>();
        for (int j = 0; j < size(); j++) {
            Rational scale = j == size() - 1 ? Rational.ONE : weight(j).inverse();
            Rational signed = isFlipped(j) ? scale.negated() : scale;
            rows.add(powers(j, taps).stream().map(signed::times).toList());
        }
        return rows;
    }

    /** {@code Aᵀ}, of {@code m} rows: {@code a_j^i}. */
    List<List<Rational>> output() {
        return transposed(evaluation(0, outputs));
    }

    /**
     * Values of a polynomial with {@code m} coefficients, of which only those from {@code from} to
     * {@code to} are not zero.
     */
    private List<List<Rational>> evaluation(int from, int to) {
        List<List<Rational>> rows = new ArrayList<>();
        for (int phase = 0; phase < stride; phase++) {
            CookToom algorithm = phase(phase);
            for (int j = 0; j < algorithm.size(); j++) {
                rows.add(algorithm.powers(j, outputs).subList(from, to));
            }
        }
        return rows;
    }

    /** {@code a_j^i} for {@code i < count}; at infinity only the highest power is not zero. */
    private List<Rational> powers(int j, int count) {
        if (j == size() - 1) {
            List<Rational> powers = new ArrayList<>(Collections.nCopies(count, Rational.ZERO));
            powers.set(count - 1, Rational.ONE);
            return powers;
        }
        List<Rational> powers = new ArrayList<>(List.of(Rational.ONE));
        while (powers.size() < count) {
            powers.add(powers.getLast().times(finitePoints().get(j)));
        }
        return powers;
    }

    private Rational weight(int j) {
        Rational product = Rational.ONE;
        for (int l = 0; l < size() - 1; l++) {
            if (l != j) {
                product = product.times(finitePoints().get(j).minus(finitePoints().get(l)));
            }
        }
        return product;
    }

    /** The weight at 0 is made positive. */
    private boolean isFlipped(int j) {
        return j == 0 && size() > 1 && weight(0).compareTo(Rational.ZERO) < 0;
    }

    /** {@code Bᵀ·d} of a tile's inputs. */
    public Circuit inputCircuit() {
        return circuit(input());
    }

    /** {@code G·g} of a filter's taps. */
    public Circuit filterCircuit() {
        return circuit(filter());
    }

    /**
     * Row {@code row} of {@code G·g·Hᵀ}, where {@code H} is the {@code G} of {@code columns}; the
     * taps of {@code g} row by row.
     */
    public Circuit filterCircuit(int row, CookToom columns) {
        CircuitBuilder builder = new CircuitBuilder(taps * columns.taps);
        List<Rational> factors = filter().get(row);
        List<Term> sums = new ArrayList<>();
        for (int column = 0; column < columns.taps; column++) {
            List<Term> taps = new ArrayList<>();
            for (int i = 0; i < factors.size(); i++) {
                taps.add(builder.input(i * columns.taps + column));
            }
            sums.add(combination(builder, factors, factors, true, taps));
        }
        return builder.circuit(outputs(builder, columns.filter(), sums));
    }

    /** The entries {@code from} to {@code to} of {@code Aᵀ·v}. */
    public Circuit outputCircuit(int from, int to) {
        return circuit(evaluation(from, to)).transposed();
    }

    /**
     * By how much larger than with a plain sum an error of the products is likely to be in the
     * outputs: {@code max_i sqrt(Σ_j A_ij²·|G_j|²·|B_j|² / r)} for independent numbers of the same
     * size.
     */
    public double amplification() {
        double worst = 0;
        for (List<Rational> row : output()) {
            double sum = 0;
            for (int j = 0; j < size(); j++) {
                double factor = row.get(j).toDouble();
                sum += factor * factor * squares(filter().get(j)) * squares(input().get(j));
            }
            worst = Math.max(worst, sum);
        }
        return Math.sqrt(worst / taps);
    }

    private static double squares(List<Rational> row) {
        return row.stream().mapToDouble(r -> r.toDouble() * r.toDouble()).sum();
    }

    /** {@code G} in double precision. */
    public double[][] filterMatrix() {
        return filter().stream()
                .map(row -> row.stream().mapToDouble(Rational::toDouble).toArray())
                .toArray(double[][]::new);
    }

    private static List<List<Rational>> transposed(List<List<Rational>> matrix) {
        List<List<Rational>> transposed = new ArrayList<>();
        for (int column = 0; column < matrix.getFirst().size(); column++) {
            int c = column;
            transposed.add(matrix.stream().map(row -> row.get(c)).toList());
        }
        return transposed;
    }

    /** {@code rows·x}. */
    private static Circuit circuit(List<List<Rational>> rows) {
        int columns = rows.getFirst().size();
        CircuitBuilder builder = new CircuitBuilder(columns);
        List<Term> x = IntStream.range(0, columns).mapToObj(builder::input).toList();
        return builder.circuit(outputs(builder, rows, x));
    }

    /**
     * {@code rows·x}, where the rows of opposite points, equal but for signs, share their even and
     * odd parts.
     */
    private static List<Term> outputs(
            CircuitBuilder builder, List<List<Rational>> rows, List<Term> x) {
        List<Term> outputs = new ArrayList<>();
        while (outputs.size() < rows.size()) {
            List<Rational> row = rows.get(outputs.size());
            List<Rational> next =
                    outputs.size() + 1 < rows.size() ? rows.get(outputs.size() + 1) : List.of();
            if (differOnlyInSigns(row, next)) {
                Term same = combination(builder, row, next, true, x);
                Term opposite = combination(builder, row, next, false, x);
                outputs.add(builder.add(same, opposite));
                outputs.add(builder.subtract(same, opposite));
            } else {
                outputs.add(combination(builder, row, row, true, x));
            }
        }
        return outputs;
    }

    private static boolean differOnlyInSigns(List<Rational> row, List<Rational> other) {
        return row.stream()
                .map(Rational::abs)
                .toList()
                .equals(other.stream().map(Rational::abs).toList());
    }

    /** The part of {@code row·x} where the rows are the same, or where they are opposite. */
    private static Term combination(
            CircuitBuilder builder,
            List<Rational> row,
            List<Rational> other,
            boolean same,
            List<Term> x) {
        Term sum = Term.ZERO;
        for (int column = row.size() - 1; column >= 0; column--) {
            Rational factor = row.get(column);
            if (factor.equals(other.get(column)) == same) {
                Term product = builder.times(factor.toDouble(), x.get(column));
                sum = builder.add(sum, product);
            }
        }
        return sum;
    }
}
