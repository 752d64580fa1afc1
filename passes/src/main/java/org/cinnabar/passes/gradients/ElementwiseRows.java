package org.cinnabar.passes.gradients;

import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Unary;
import org.jspecify.annotations.Nullable;

/** Ops on single numbers: the gradient times the derivative, summed where an operand repeats. */
record ElementwiseRows(Rows rows) implements Rows.Row {
    @Override
    public @Nullable Node pull(Node node, int i, Node g) {
        Node local =
                switch ((Elementwise) node.op()) {
                    case Unary(var f) -> unary(f, node.in(0), node, g);
                    case Binary(var f) -> binary(f, node, i, g);
                    case Select() ->
                            i == 1 ? rows.where(node.in(0), g) : rows.unless(node.in(0), g);
                    case Clip(double low, double high) -> clip(node.in(0), low, high, g);
                    case Cast _ -> node.type().dtype().isFloating() ? g : null;
                };
        return local == null ? null : rows.gathered(local, node.in(i).shape());
    }

    private @Nullable Node unary(Unary.Function f, Node x, Node y, Node g) {
        return switch (f) {
            case NEG -> rows.negated(g);
            case ABS -> rows.times(g, rows.unary(Unary.Function.SIGN, x));
            case SQRT -> rows.over(rows.times(g, rows.number(0.5)), y);
            case RECIPROCAL -> rows.negated(rows.times(g, rows.times(y, y)));
            case EXP -> rows.times(g, y);
            case LOG -> rows.over(g, x);
            case SIN -> rows.times(g, rows.unary(Unary.Function.COS, x));
            case COS -> rows.negated(rows.times(g, rows.unary(Unary.Function.SIN, x)));
            case ATAN -> rows.over(g, plus(rows.times(x, x), 1));
            case TANH -> rows.times(g, oneMinus(rows.times(y, y)));
            case SIGMOID -> rows.times(g, rows.times(y, oneMinus(y)));
            case SOFTPLUS -> rows.times(g, rows.unary(Unary.Function.SIGMOID, x));
            case ERF -> {
                Node bell = rows.unary(Unary.Function.EXP, rows.negated(rows.times(x, x)));
                yield rows.times(rows.times(g, rows.number(2 / Math.sqrt(Math.PI))), bell);
            }
            case RELU -> rows.where(rows.binary(Binary.Function.LESS, rows.number(0), y), g);
            case SIGN, FLOOR, CEIL, ROUND, NOT -> null;
        };
    }

    private Node plus(Node x, double number) {
        return rows.binary(Binary.Function.ADD, x, rows.number(number));
    }

    private Node oneMinus(Node x) {
        return rows.binary(Binary.Function.SUB, rows.number(1), x);
    }

    private @Nullable Node binary(Binary.Function f, Node node, int i, Node g) {
        Node a = node.in(0);
        Node b = node.in(1);
        boolean first = i == 0;
        return switch (f) {
            case ADD -> g;
            case SUB -> first ? g : rows.negated(g);
            case MUL -> rows.times(g, first ? b : a);
            case DIV -> first ? rows.over(g, b) : rows.negated(rows.over(rows.times(g, node), b));
            case MIN -> chosen(a, b, first, g);
            case MAX -> chosen(b, a, first, g);
            case POW -> {
                Node factor =
                        first
                                ? rows.times(b, rows.binary(Binary.Function.POW, a, plus(b, -1)))
                                : rows.times(node, rows.unary(Unary.Function.LOG, a));
                yield rows.times(g, factor);
            }
            case MOD ->
                    first
                            ? g
                            : rows.negated(
                                    rows.times(
                                            g, rows.unary(Unary.Function.FLOOR, rows.over(a, b))));
            case EQUAL, LESS, LESS_OR_EQUAL, AND, OR, XOR -> null;
        };
    }

    /** The first operand of equals is the one that was chosen. */
    private Node chosen(Node less, Node more, boolean first, Node g) {
        Node condition = rows.binary(Binary.Function.LESS_OR_EQUAL, less, more);
        return first ? rows.where(condition, g) : rows.unless(condition, g);
    }

    private Node clip(Node x, double low, double high, Node g) {
        Node result = g;
        if (low != Double.NEGATIVE_INFINITY) {
            result = rows.where(rows.binary(Binary.Function.LESS_OR_EQUAL, rows.number(low), x), g);
        }
        return high == Double.POSITIVE_INFINITY
                ? result
                : rows.where(
                        rows.binary(Binary.Function.LESS_OR_EQUAL, x, rows.number(high)), result);
    }
}
