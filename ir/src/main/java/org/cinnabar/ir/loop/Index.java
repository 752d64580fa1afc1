package org.cinnabar.ir.loop;

/** An {@code int} expression: offsets, extents and loop bounds. */
public sealed interface Index {
    /** The number {@code value}. */
    record Const(int value) implements Index {}

    /** A loop variable, parameter or bound name. */
    record Var(String name) implements Index {}

    record Add(Index a, Index b) implements Index {}

    record Mul(Index a, Index b) implements Index {}

    /** {@code a / divisor}, rounded toward zero; operands are never negative where it is used. */
    record Div(Index a, int divisor) implements Index {}

    /** {@code a % divisor}. */
    record Rem(Index a, int divisor) implements Index {}

    record Min(Index a, Index b) implements Index {}

    record Max(Index a, Index b) implements Index {}

    /** The number stored (exactly, as a float) at {@code index} of the weights: a look-up table. */
    record Table(Index index) implements Index {}

    static Index of(int value) {
        return new Const(value);
    }

    static Var var(String name) {
        return new Var(name);
    }

    /** {@code this + other}, folded where an operand is constant. */
    default Index plus(Index other) {
        if (this instanceof Const(int a) && other instanceof Const(int b)) {
            return of(Math.addExact(a, b));
        }
        if (this instanceof Const(int a)) {
            return a == 0 ? other : other.plus(this);
        }
        if (other instanceof Const(int b)) {
            if (b == 0) {
                return this;
            }
            if (this instanceof Add(Index x, Const(int c))) {
                return x.plus(of(Math.addExact(c, b)));
            }
        }
        return new Add(this, other);
    }

    default Index plus(int other) {
        return plus(of(other));
    }

    /** {@code this * other}, folded where an operand is constant. */
    default Index times(Index other) {
        if (this instanceof Const(int a) && other instanceof Const(int b)) {
            return of(Math.multiplyExact(a, b));
        }
        if (this instanceof Const) {
            return other.times(this);
        }
        if (other instanceof Const(int b)) {
            if (b == 0) {
                return of(0);
            }
            if (b == 1) {
                return this;
            }
        }
        return new Mul(this, other);
    }

    default Index times(int other) {
        return times(of(other));
    }

    default Index dividedBy(int divisor) {
        return this instanceof Const(int a)
                ? of(a / divisor)
                : divisor == 1 ? this : new Div(this, divisor);
    }

    default Index modulo(int divisor) {
        return this instanceof Const(int a)
                ? of(a % divisor)
                : divisor == 1 ? of(0) : new Rem(this, divisor);
    }

    default Index min(Index other) {
        return this instanceof Const(int a) && other instanceof Const(int b)
                ? of(Math.min(a, b))
                : new Min(this, other);
    }

    default Index max(Index other) {
        return this instanceof Const(int a) && other instanceof Const(int b)
                ? of(Math.max(a, b))
                : new Max(this, other);
    }
}
