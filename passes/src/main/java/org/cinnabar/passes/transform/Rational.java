package org.cinnabar.passes.transform;

import java.util.Comparator;

/** A fraction in lowest terms with a positive denominator; arithmetic is exact or throws. */
record Rational(long numerator, long denominator) implements Comparable<Rational> {
    static final Rational ZERO = of(0);
    static final Rational ONE = of(1);

    /** Reduces the fraction; rejects a zero denominator. */
    Rational {
        if (denominator == 0) {
            throw new ArithmeticException(numerator + "/0");
        }
        long divisor = gcd(Math.absExact(numerator), Math.absExact(denominator));
        divisor = denominator < 0 ? -divisor : divisor;
        numerator /= divisor;
        denominator /= divisor;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    static Rational of(long value) {
        return new Rational(value, 1);
    }

    Rational plus(Rational other) {
        return new Rational(
                Math.addExact(
                        Math.multiplyExact(numerator, other.denominator),
                        Math.multiplyExact(other.numerator, denominator)),
                Math.multiplyExact(denominator, other.denominator));
    }

    Rational minus(Rational other) {
        return plus(other.negated());
    }

    Rational times(Rational other) {
        Rational a = new Rational(numerator, other.denominator);
        Rational b = new Rational(other.numerator, denominator);
        return new Rational(
                Math.multiplyExact(a.numerator, b.numerator),
                Math.multiplyExact(a.denominator, b.denominator));
    }

    Rational inverse() {
        return new Rational(denominator, numerator);
    }

    Rational negated() {
        return new Rational(Math.negateExact(numerator), denominator);
    }

    Rational abs() {
        return numerator < 0 ? negated() : this;
    }

    boolean isZero() {
        return numerator == 0;
    }

    double toDouble() {
        return (double) numerator / denominator;
    }

    @Override
    public int compareTo(Rational other) {
        return Comparator.comparingLong(Rational::numerator).compare(minus(other), ZERO);
    }

    @Override
    public String toString() {
        return denominator == 1 ? "" + numerator : numerator + "/" + denominator;
    }
}
