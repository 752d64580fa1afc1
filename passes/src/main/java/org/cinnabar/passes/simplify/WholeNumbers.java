package org.cinnabar.passes.simplify;

import java.util.Arrays;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/** Quantised values are whole numbers, whatever their type. */
final class WholeNumbers {
    /** How far into a sum of whole numbers to look. */
    private static final int DEPTH = 4;

    /**
     * {@code cast(cast(x, integer), float) → x}, where x has the floating type and is a clip of
     * whole numbers to bounds within the integer type's range.
     */
    static final Rule CAST_ROUND_TRIP =
            Rule.exact("cast-round-trip", (node, _) -> castRoundTrip(node));

    private static @Nullable Node castRoundTrip(Node node) {
        boolean casts = node.op() instanceof Cast && node.in(0).op() instanceof Cast;
        Node x = casts ? node.in(0).in(0) : node;
        boolean matches =
                casts
                        && node.type().equals(x.type())
                        && x.op() instanceof Clip(double low, double high)
                        && isWhole(x, DEPTH)
                        && fits(low, high, node.in(0).type().dtype());
        return matches ? x : null;
    }

    private WholeNumbers() {}

    private static boolean fits(double low, double high, DType type) {
        return switch (type) {
            case I8 -> low >= Byte.MIN_VALUE && high <= Byte.MAX_VALUE;
            case U8 -> low >= 0 && high <= 255;
            case I32 -> low >= Integer.MIN_VALUE && high <= Integer.MAX_VALUE;
            case I64 -> low >= Long.MIN_VALUE && high < 0x1p63;
            case F32, F64, BOOL -> false;
        };
    }

    /**
     * Whether {@code node} is seen to have whole floating values, looking at most {@code depth}
     * nodes deep.
     */
    private static boolean isWhole(Node node, int depth) {
        if (depth == 0 || !node.type().dtype().isFloating()) {
            return false;
        }
        if (node.op() instanceof Unary(var f)) {
            return switch (f) {
                case ROUND, FLOOR, CEIL, SIGN -> true;
                case NEG, ABS, RELU -> isWhole(node.in(0), depth - 1);
                case SQRT,
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
            };
        }
        if (node.op() instanceof Clip(double low, double high)) {
            return Math.rint(low) == low
                    && Math.rint(high) == high
                    && isWhole(node.in(0), depth - 1);
        }
        if (node.op() instanceof Binary(var f)
                && (f == Binary.Function.ADD || f == Binary.Function.SUB)) {
            return isWhole(node.in(0), depth - 1) && isWhole(node.in(1), depth - 1);
        }
        return node.op() instanceof Constant(Tensor value)
                && Arrays.stream(value.toDoubles()).allMatch(v -> Math.rint(v) == v);
    }
}
