package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/**
 * A linear map along the last axis: {@code y[..., :] = W·x[..., :]}; operands x and a weight {@code
 * [rows,cols]}.
 */
public record Linear() implements Contraction {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("linear", in, 2);
        TensorType x = in.get(0);
        TensorType w = in.get(1);
        Operands.rank("linear weight", w, 2);
        if (x.shape().rank() < 1 || !x.shape().dim(-1).equals(w.shape().dim(1))) {
            throw new IllegalArgumentException(
                    "linear: weight " + w + " does not act on the last axis of " + x);
        }
        return x.withShape(x.shape().with(-1, w.shape().dim(0)));
    }
}
