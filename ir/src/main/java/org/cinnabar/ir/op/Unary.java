package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/** {@code y = f(x)} element by element. */
public record Unary(Function f) implements Elementwise {
    /** The functions; each is that of {@link Math} unless said otherwise. */
    public enum Function {
        NEG,
        ABS,
        SQRT,
        RECIPROCAL,
        EXP,
        LOG,
        SIN,
        COS,
        ATAN,
        TANH,
        /** {@code 1 / (1 + exp(-x))}. */
        SIGMOID,
        /** {@code log(1 + exp(x))}. */
        SOFTPLUS,
        /** The Gauss error function. */
        ERF,
        /** {@code max(x, 0)}; NaN stays NaN. */
        RELU,
        SIGN,
        FLOOR,
        CEIL,
        /** To the nearest integer, ties to even. */
        ROUND,
        /** Logical negation of a boolean. */
        NOT
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count(f.name(), in, 1);
        return in.getFirst();
    }
}
