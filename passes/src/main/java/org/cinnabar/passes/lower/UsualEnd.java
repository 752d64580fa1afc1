package org.cinnabar.passes.lower;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Unary;
import org.jspecify.annotations.Nullable;

/**
 * What nearly every layer ends with: {@code min(max(root + bias + residual, 0), high)}, where the
 * bias, the residual and each bound may be missing; {@code high} is not negative.
 */
record UsualEnd(@Nullable Node bias, @Nullable Node residual, boolean isRectified, double high) {
    /** What is added to the root, in this order. */
    List<Node> reads() {
        return Stream.of(bias, residual).filter(Objects::nonNull).toList();
    }

    /** Whether results are stored as they are. */
    boolean isEmpty() {
        return reads().isEmpty() && !isRectified && !isClipped();
    }

    /** What is left to do of a sum that has the residual in it. */
    UsualEnd afterResidual() {
        return new UsualEnd(bias, null, isRectified, high);
    }

    /** Whether there is an upper bound. */
    boolean isClipped() {
        return high != Double.POSITIVE_INFINITY;
    }

    /** The end of {@code group} in this form; null if it has another. */
    static @Nullable UsualEnd of(Group group, int channelAxis) {
        Node node = group.result();
        boolean isRectified = false;
        double high = Double.POSITIVE_INFINITY;
        if (node != group.root() && node.op() instanceof Clip(double low, double to)) {
            if (low != 0 && low != Double.NEGATIVE_INFINITY || to < 0) {
                return null;
            }
            isRectified = low == 0;
            high = to;
            node = node.in(0);
        } else if (node != group.root()
                && node.op() instanceof Unary(Unary.Function f)
                && f == Unary.Function.RELU) {
            isRectified = true;
            node = node.in(0);
        }
        Node bias = null;
        Node residual = null;
        while (node != group.root()) {
            if (!(node.op() instanceof Binary(Binary.Function f)) || f != Binary.Function.ADD) {
                return null;
            }
            boolean first = group.members().contains(node.in(0));
            Node other = node.in(first ? 1 : 0);
            boolean isBias = other.op() instanceof Constant;
            if (group.members().contains(other)
                    || (isBias ? bias : residual) != null
                    || isBias && !Epilogue.isPerChannel(other.shape(), node.shape(), channelAxis)) {
                return null;
            }
            bias = isBias ? other : bias;
            residual = isBias ? residual : other;
            node = node.in(first ? 0 : 1);
        }
        return new UsualEnd(bias, residual, isRectified, high);
    }
}
