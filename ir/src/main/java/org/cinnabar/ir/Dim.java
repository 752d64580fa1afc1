package org.cinnabar.ir;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One extent of a shape: an integer polynomial over named symbols and floor quotients, in normal
 * form, so that equal extents are equal values. {@code N}, {@code 2*H+1} and {@code (H+1)/2}
 * (rounded down) are extents.
 */
public final class Dim {
    private static final Comparator<List<Atom>> ORDER =
            Comparator.<List<Atom>>comparingInt(List::size)
                    .reversed()
                    .thenComparing(List::toString);

    /** What a polynomial is made of besides integers. */
    private sealed interface Atom permits Symbol, Quotient {}

    private record Symbol(String name) implements Atom {
        @Override
        public String toString() {
            return name;
        }
    }

    private record Quotient(Dim dividend, long divisor) implements Atom {
        @Override
        public String toString() {
            return "(" + dividend + ")/" + divisor;
        }
    }

    /**
     * Product of atoms (sorted) to its coefficient, never zero; the empty product carries the
     * constant.
     */
    private final SortedMap<List<Atom>, Long> terms;

    private Dim(SortedMap<List<Atom>, Long> terms) {
        this.terms = terms;
    }

    /** The extent {@code value}. */
    public static Dim of(long value) {
        return monomial(List.of(), value);
    }

    /** The extent that is bound to {@code name} later. */
    public static Dim symbol(String name) {
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw new IllegalArgumentException(
                    "a symbolic extent needs an identifier, got '" + name + "'");
        }
        return monomial(List.of(new Symbol(name)), 1);
    }

    private static Dim monomial(List<Atom> atoms, long coefficient) {
        SortedMap<List<Atom>, Long> terms = new TreeMap<>(ORDER);
        if (coefficient != 0) {
            terms.put(atoms, coefficient);
        }
        return new Dim(terms);
    }

    /** Whether no symbol is left. */
    public boolean isKnown() {
        return terms.isEmpty() || terms.size() == 1 && terms.firstKey().isEmpty();
    }

    /** The value of a known extent; {@link IllegalStateException} for a symbolic one. */
    public long value() {
        if (!isKnown()) {
            throw new IllegalStateException("extent " + this + " is symbolic");
        }
        return terms.isEmpty() ? 0 : requireNonNull(terms.get(terms.firstKey()));
    }

    /** Whether this is the known extent {@code value}. */
    public boolean is(long value) {
        return isKnown() && value() == value;
    }

    public Dim plus(Dim other) {
        SortedMap<List<Atom>, Long> sum = new TreeMap<>(terms);
        other.terms.forEach((atoms, k) -> merge(sum, atoms, k));
        return new Dim(sum);
    }

    public Dim plus(long other) {
        return plus(of(other));
    }

    public Dim minus(Dim other) {
        return plus(other.times(of(-1)));
    }

    public Dim times(long other) {
        return times(of(other));
    }

    public Dim times(Dim other) {
        SortedMap<List<Atom>, Long> product = new TreeMap<>(ORDER);
        terms.forEach(
                (a, j) ->
                        other.terms.forEach(
                                (b, k) -> merge(product, join(a, b), Math.multiplyExact(j, k))));
        return new Dim(product);
    }

    /**
     * {@code floor(this / divisor)} for a positive divisor; exact where every coefficient divides.
     */
    public Dim floorDiv(long divisor) {
        if (divisor <= 0) {
            throw new IllegalArgumentException(
                    "extents divide by positive numbers only, got " + divisor);
        }
        SortedMap<List<Atom>, Long> whole = new TreeMap<>(ORDER);
        SortedMap<List<Atom>, Long> rest = new TreeMap<>(ORDER);
        terms.forEach(
                (atoms, k) -> {
                    long quotient = Math.floorDiv(k, divisor);
                    long remainder = Math.floorMod(k, divisor);
                    merge(whole, atoms, quotient);
                    merge(rest, atoms, remainder);
                });
        Dim remainder = new Dim(rest);
        Dim quotient = new Dim(whole);
        return remainder.isKnown()
                ? quotient
                : quotient.plus(monomial(List.of(new Quotient(remainder, divisor)), 1));
    }

    /**
     * {@code this / divisor} where that is a whole extent.
     *
     * @throws IllegalArgumentException if the division leaves a remainder or the divisor is a sum
     */
    public Dim exactDiv(Dim divisor) {
        if (equals(divisor)) {
            return of(1);
        }
        if (divisor.terms.size() != 1) {
            throw new IllegalArgumentException(this + " is not divisible by " + divisor);
        }
        List<Atom> atoms = divisor.terms.firstKey();
        long coefficient = requireNonNull(divisor.terms.get(atoms));
        SortedMap<List<Atom>, Long> result = new TreeMap<>(ORDER);
        terms.forEach(
                (a, k) -> {
                    List<Atom> left = new ArrayList<>(a);
                    boolean divides = k % coefficient == 0;
                    for (Atom atom : atoms) {
                        divides &= left.remove(atom);
                    }
                    if (!divides) {
                        throw new IllegalArgumentException(
                                this + " is not divisible by " + divisor);
                    }
                    result.put(List.copyOf(left), k / coefficient);
                });
        return new Dim(result);
    }

    /** This extent with every symbol named in {@code bindings} replaced by its value. */
    public Dim bind(Map<String, Long> bindings) {
        Dim sum = of(0);
        for (Map.Entry<List<Atom>, Long> term : terms.entrySet()) {
            Dim product = of(term.getValue());
            for (Atom atom : term.getKey()) {
                product =
                        product.times(
                                switch (atom) {
                                    case Symbol(String name) -> {
                                        Long value = bindings.get(name);
                                        yield value == null ? symbol(name) : of(value);
                                    }
                                    case Quotient(Dim dividend, long divisor) ->
                                            dividend.bind(bindings).floorDiv(divisor);
                                });
            }
            sum = sum.plus(product);
        }
        return sum;
    }

    /** Names of the symbols that occur, each once, sorted. */
    public List<String> symbols() {
        Map<String, Boolean> names = new HashMap<>();
        for (List<Atom> atoms : terms.keySet()) {
            for (Atom atom : atoms) {
                switch (atom) {
                    case Symbol(String name) -> names.put(name, true);
                    case Quotient(Dim dividend, _) ->
                            dividend.symbols().forEach(s -> names.put(s, true));
                }
            }
        }
        return names.keySet().stream().sorted().toList();
    }

    private static void merge(
            SortedMap<List<Atom>, Long> into, List<Atom> atoms, long coefficient) {
        long sum = Math.addExact(into.getOrDefault(atoms, 0L), coefficient);
        if (sum == 0) {
            into.remove(atoms);
        } else {
            into.put(atoms, sum);
        }
    }

    private static List<Atom> join(List<Atom> a, List<Atom> b) {
        List<Atom> all = new ArrayList<>(a);
        all.addAll(b);
        all.sort(Comparator.comparing(Atom::toString));
        return List.copyOf(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dim dim && terms.equals(dim.terms);
    }

    @Override
    public int hashCode() {
        return terms.hashCode();
    }

    @Override
    public String toString() {
        if (terms.isEmpty()) {
            return "0";
        }
        StringBuilder text = new StringBuilder();
        terms.forEach(
                (atoms, k) -> {
                    text.append(k < 0 ? "-" : text.isEmpty() ? "" : "+");
                    List<String> factors = new ArrayList<>();
                    if (Math.abs(k) != 1 || atoms.isEmpty()) {
                        factors.add(Long.toString(Math.abs(k)));
                    }
                    atoms.forEach(atom -> factors.add(atom.toString()));
                    text.append(String.join("*", factors));
                });
        return text.toString();
    }
}
