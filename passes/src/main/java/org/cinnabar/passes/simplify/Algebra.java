package org.cinnabar.passes.simplify;

import java.util.OptionalDouble;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.rewrite.Context;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic with constants. Together the rules give every chain of additions and multiplications
 * by constants the form {@code x · a + b}, each operand list with its constant last.
 */
final class Algebra {
    static final Binary ADD = new Binary(Binary.Function.ADD);
    static final Binary MUL = new Binary(Binary.Function.MUL);
    static final Binary DIV = new Binary(Binary.Function.DIV);
    static final Binary SUB = new Binary(Binary.Function.SUB);
    private static final Binary POW = new Binary(Binary.Function.POW);

    /** {@code f(c, x) → f(x, c)} for commutative f and computed x. */
    static final Rule CONSTANT_LAST = Rule.exact("constant-last", Algebra::constantLast);

    private static @Nullable Node constantLast(Node node, Context context) {
        boolean swapped =
                node.op() instanceof Binary(var f)
                        && isCommutative(f)
                        && Constants.isConstant(node.in(0))
                        && !Constants.isConstant(node.in(1));
        return swapped ? context.node(node.op(), node.in(1), node.in(0)) : null;
    }

    /** {@code x - c → x + (-c)} on floating values. */
    static final Rule SUBTRACT_CONSTANT =
            Rule.exact("subtract-constant", Algebra::subtractConstant);

    private static @Nullable Node subtractConstant(Node node, Context context) {
        if (!isFloating(node, SUB) || !isByConstant(node)) {
            return null;
        }
        return context.node(
                ADD, node.in(0), context.node(new Unary(Unary.Function.NEG), node.in(1)));
    }

    /**
     * {@code x / c → x · (1/c)} on floating values, where every 1/c is a finite number of full
     * precision.
     */
    static final Rule DIVIDE_BY_CONSTANT =
            Rule.rounding("divide-by-constant", 1e-6, Algebra::divideByConstant);

    private static @Nullable Node divideByConstant(Node node, Context context) {
        if (!isFloating(node, DIV) || !isByConstant(node)) {
            return null;
        }
        for (double divisor : Constants.value(node.in(1)).toDoubles()) {
            double inverse = Math.abs(1 / divisor);
            if (!(inverse >= Float.MIN_NORMAL && inverse <= Float.MAX_VALUE)) {
                return null;
            }
        }
        return context.node(
                MUL, node.in(0), context.node(new Unary(Unary.Function.RECIPROCAL), node.in(1)));
    }

    /**
     * {@code x / y → x · reciprocal(y)} on floating values, where y is broadcast, so that there are
     * fewer divisions.
     */
    static final Rule DIVIDE_BY_BROADCAST =
            Rule.rounding("divide-by-broadcast", 1e-6, Algebra::divideByBroadcast);

    private static @Nullable Node divideByBroadcast(Node node, Context context) {
        boolean matches =
                isFloating(node, DIV)
                        && node.type().equals(node.in(0).type())
                        && !node.type().equals(node.in(1).type())
                        && !Constants.isConstant(node.in(1));
        return matches
                ? context.node(
                        MUL,
                        node.in(0),
                        context.node(new Unary(Unary.Function.RECIPROCAL), node.in(1)))
                : null;
    }

    /** {@code 1 / x → reciprocal(x)}, where the constant does not broadcast x. */
    static final Rule ONE_OVER = Rule.exact("one-over", Algebra::oneOver);

    private static @Nullable Node oneOver(Node node, Context context) {
        boolean matches =
                isFloating(node, DIV)
                        && Constants.isUniformly(node.in(0), 1)
                        && node.type().equals(node.in(1).type());
        return matches ? context.node(new Unary(Unary.Function.RECIPROCAL), node.in(1)) : null;
    }

    /**
     * {@code x ^ 2 → x · x, x ^ 3 → x · x · x, x ^ 0.5 → sqrt(x)}, where the constant does not
     * broadcast x.
     */
    static final Rule SMALL_POWER = Rule.rounding("small-power", 1e-6, Algebra::smallPower);

    private static @Nullable Node smallPower(Node node, Context context) {
        if (!isFloating(node, POW) || !node.type().equals(node.in(0).type())) {
            return null;
        }
        Node x = node.in(0);
        OptionalDouble exponent = Constants.uniform(node.in(1));
        if (exponent.isEmpty()) {
            return null;
        } else if (exponent.getAsDouble() == 2) {
            return context.node(MUL, x, x);
        } else if (exponent.getAsDouble() == 3) {
            return context.node(MUL, context.node(MUL, x, x), x);
        } else {
            return exponent.getAsDouble() == 0.5
                    ? context.node(new Unary(Unary.Function.SQRT), x)
                    : null;
        }
    }

    /**
     * {@code (x + a) + b → x + (a + b)}, where the inner sum has no other use and {@code a + b} is
     * no larger than a or b.
     */
    static final Rule MERGE_ADDED =
            Rule.rounding("merge-added-constants", 1e-6, Algebra::mergeAddedConstants);

    private static @Nullable Node mergeAddedConstants(Node node, Context context) {
        return merged(ADD, node, context);
    }

    /**
     * {@code (x · a) · b → x · (a · b)}, where the inner product has no other use and {@code a · b}
     * is no larger than a or b.
     */
    static final Rule MERGE_MULTIPLIED =
            Rule.rounding("merge-multiplied-constants", 1e-6, Algebra::mergeMultipliedConstants);

    private static @Nullable Node mergeMultipliedConstants(Node node, Context context) {
        return merged(MUL, node, context);
    }

    /**
     * {@code (x + a) · b → x · b + a · b}, where the sum has no other use and {@code a · b} is no
     * larger than a or b.
     */
    static final Rule DISTRIBUTE =
            Rule.rounding("distribute-scale", 1e-6, Algebra::distributeScale);

    private static @Nullable Node distributeScale(Node node, Context context) {
        if (!isFloating(node, MUL) || !isByConstant(node) || !isFloating(node.in(0), ADD)) {
            return null;
        }
        Node sum = node.in(0);
        if (!absorbs(sum, node.in(1), context)) {
            return null;
        }
        Node scaled = context.node(MUL, sum.in(0), node.in(1));
        return context.replacing(sum, ADD, scaled, context.node(MUL, sum.in(1), node.in(1)));
    }

    private Algebra() {}

    private static @Nullable Node merged(Binary op, Node node, Context context) {
        boolean matches =
                isFloating(node, op)
                        && isByConstant(node)
                        && isFloating(node.in(0), op)
                        && absorbs(node.in(0), node.in(1), context);
        if (!matches) {
            return null;
        }
        Node inner = node.in(0);
        return context.node(op, inner.in(0), context.node(op, inner.in(1), node.in(1)));
    }

    /**
     * Whether {@code inner = f(x, a)} may give way to something of x and a constant combined of a
     * and b.
     */
    private static boolean absorbs(Node inner, Node b, Context context) {
        if (!isByConstant(inner) || !context.singleUse(inner)) {
            return false;
        }
        Node a = inner.in(1);
        int larger = Math.max(a.shape().count(), b.shape().count());
        return a.shape().broadcast(b.shape()).count() <= larger;
    }

    private static boolean isFloating(Node node, Binary op) {
        return node.op().equals(op) && node.type().dtype().isFloating();
    }

    private static boolean isByConstant(Node node) {
        return Constants.isConstant(node.in(1)) && !Constants.isConstant(node.in(0));
    }

    private static boolean isCommutative(Binary.Function f) {
        return switch (f) {
            case ADD, MUL, MIN, MAX, EQUAL, AND, OR, XOR -> true;
            case SUB, DIV, POW, MOD, LESS, LESS_OR_EQUAL -> false;
        };
    }
}
