package org.cinnabar.passes.simplify;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.rewrite.Context;
import org.cinnabar.ir.rewrite.Rule;
import org.jspecify.annotations.Nullable;

/** Constant operands: what rules ask about them, and their evaluation. */
final class Constants {
    /** Results up to this size are folded whatever they are made of. */
    private static final int SMALL = 1024;

    /**
     * {@code op(c, ...) → c'}, unless the result is more than twice as large as its operands
     * together: broadcasting is cheaper done than stored.
     */
    static final Rule FOLD = Rule.rounding("fold-constants", 1e-6, Constants::foldConstants);

    private static @Nullable Node foldConstants(Node node, Context context) {
        if (node.in().isEmpty() || !node.in().stream().allMatch(Constants::isConstant)) {
            return null;
        }
        long limit =
                Math.max(SMALL, 2 * node.in().stream().mapToLong(c -> c.shape().count()).sum());
        if (!node.shape().isKnown() || node.shape().size().value() > limit) {
            return null;
        }
        return context.constant(
                evaluate(node.op(), node.in().stream().map(Constants::value).toList()));
    }

    private Constants() {}

    /**
     * {@code op} on constants, computed in double precision and rounded once to the type of the
     * result.
     */
    static Tensor evaluate(Op op, List<Tensor> in) {
        Tensor value = Interpreter.evaluate(op, in);
        return switch (op.infer(in.stream().map(Tensor::type).toList()).dtype()) {
            case F32 -> Tensor.f32(value.shape(), value.toFloats());
            case F64, I8, U8, I32, I64, BOOL -> value;
        };
    }

    static boolean isConstant(Node node) {
        return node.op() instanceof Constant;
    }

    /** The value of a node that is a constant. */
    static Tensor value(Node node) {
        return ((Constant) node.op()).value();
    }

    /**
     * The value that all elements of a floating constant share, if {@code node} is one and they do.
     */
    static OptionalDouble uniform(Node node) {
        if (!(node.op() instanceof Constant(Tensor value))
                || !value.dtype().isFloating()
                || value.count() == 0) {
            return OptionalDouble.empty();
        }
        double[] values = value.toDoubles();
        boolean same = Arrays.stream(values).allMatch(v -> v == values[0]);
        return same ? OptionalDouble.of(values[0]) : OptionalDouble.empty();
    }

    static boolean isUniformly(Node node, double expected) {
        OptionalDouble value = uniform(node);
        return value.isPresent() && value.getAsDouble() == expected;
    }

    /**
     * One value per index of {@code axis} of the {@code whole} that the constant {@code node} is
     * broadcast to, or null if the constant varies along another axis or enlarges the whole.
     */
    static double @Nullable [] along(Node node, int axis, Shape whole) {
        if (!(node.op() instanceof Constant(Tensor value)) || value.shape().rank() > whole.rank()) {
            return null;
        }
        int extent = whole.extent(axis);
        int missing = whole.rank() - value.shape().rank();
        for (int i = 0; i < value.shape().rank(); i++) {
            boolean fits =
                    value.shape().dim(i).is(1)
                            || i + missing == axis && value.shape().dim(i).is(extent);
            if (!fits) {
                return null;
            }
        }
        double[] values = value.toDoubles();
        if (values.length == extent) {
            return values;
        }
        double[] repeated = new double[extent];
        Arrays.fill(repeated, values[0]);
        return repeated;
    }
}
