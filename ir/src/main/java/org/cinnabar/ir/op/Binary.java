package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/** {@code y = f(a, b)} element by element, shapes broadcast as in NumPy. */
public record Binary(Function f) implements Elementwise {
    /** The functions. Comparisons and logic give {@code BOOL}. */
    public enum Function {
        ADD,
        SUB,
        MUL,
        /** Rounds toward zero on integers. */
        DIV,
        MIN,
        MAX,
        POW,
        /** Remainder with the sign of the divisor, as in Python. */
        MOD,
        EQUAL,
        LESS,
        LESS_OR_EQUAL,
        AND,
        OR,
        XOR;

        /** Whether the result is boolean whatever the operands. */
        public boolean isPredicate() {
            return compareTo(EQUAL) >= 0;
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count(f.name(), in, 2);
        Operands.sameDtype(f.name(), in.get(0), in.get(1));
        DType result = f.isPredicate() ? DType.BOOL : in.getFirst().dtype();
        return new TensorType(result, in.get(0).shape().broadcast(in.get(1).shape()));
    }
}
