package org.cinnabar.passes.simplify;

import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/** Ops that give back what they were given. */
final class NoOps {
    /**
     * {@code op(x) → x} where the op moves nothing: a reshape, expand, cast, pad or concat of one
     * that keeps the type, the identical transpose, the slice of everything, the clip without
     * bounds.
     */
    static final Rule REMOVE = Rule.exact("remove-no-op", (node, _) -> removeNoOp(node));

    private static @Nullable Node removeNoOp(Node node) {
        return movesNothing(node) ? node.in(0) : null;
    }

    /** {@code x + 0, x - 0, x · 1, x / 1, x ^ 1 → x}, where the constant does not broadcast x. */
    static final Rule NEUTRAL_ELEMENT =
            Rule.exact("neutral-element", (node, _) -> neutralElement(node));

    private static @Nullable Node neutralElement(Node node) {
        boolean neutral =
                node.op() instanceof Binary(var f)
                        && node.type().equals(node.in(0).type())
                        && switch (f) {
                            case ADD, SUB -> Constants.isUniformly(node.in(1), 0);
                            case MUL, DIV, POW -> Constants.isUniformly(node.in(1), 1);
                            case MIN, MAX, MOD, EQUAL, LESS, LESS_OR_EQUAL, AND, OR, XOR -> false;
                        };
        return neutral ? node.in(0) : null;
    }

    /** {@code neg(neg x), not(not x) → x}. */
    static final Rule INVOLUTION = Rule.exact("involution", (node, _) -> involution(node));

    private static @Nullable Node involution(Node node) {
        boolean undone =
                node.op() instanceof Unary(var f)
                        && (f == Unary.Function.NEG || f == Unary.Function.NOT)
                        && node.in(0).op().equals(node.op());
        return undone ? node.in(0).in(0) : null;
    }

    /** {@code f(f(x)) → f(x)} for abs, sign and the roundings. */
    static final Rule IDEMPOTENT = Rule.exact("idempotent", (node, _) -> idempotent(node));

    private static @Nullable Node idempotent(Node node) {
        boolean repeated =
                node.op() instanceof Unary(var f)
                        && switch (f) {
                            case ABS, SIGN, FLOOR, CEIL, ROUND, RELU -> true;
                            case NEG,
                                    SQRT,
                                    RECIPROCAL,
                                    EXP,
                                    LOG,
                                    SIN,
                                    COS,
                                    ATAN,
                                    TANH,
                                    SIGMOID,
                                    SOFTPLUS,
                                    ERF,
                                    NOT ->
                                    false;
                        }
                        && node.in(0).op().equals(node.op());
        return repeated ? node.in(0) : null;
    }

    private NoOps() {}

    private static boolean movesNothing(Node node) {
        boolean candidate =
                switch (node.op()) {
                    case Reshape _, Expand _, Cast _, Pad _ -> true;
                    case Concat _ -> node.in().size() == 1;
                    case Transpose(var permutation) ->
                            permutation.equals(permutation.stream().sorted().toList());
                    case Slice(_, var start, long step, _) -> start.is(0) && step == 1;
                    case Clip(double low, double high) ->
                            low == Double.NEGATIVE_INFINITY && high == Double.POSITIVE_INFINITY;
                    case Input _, Constant _, Weight _, Elementwise _, Contraction _, Gather _ ->
                            false;
                    case Reduce _, Pool _, MaxUnpool _, ScatterAdd _, BatchNorm _ -> false;
                };
        return candidate && node.type().equals(node.in(0).type());
    }
}
