package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/** The operands one after the other along {@code axis}. */
public record Concat(int axis) implements Movement {
    @Override
    public TensorType infer(List<TensorType> in) {
        if (in.isEmpty()) {
            throw new IllegalArgumentException("concat of nothing");
        }
        TensorType first = in.getFirst();
        int a = Operands.axis("concat", axis, first.shape().rank());
        Dim sum = Dim.of(0);
        for (TensorType x : in) {
            Operands.sameDtype("concat", first, x);
            Operands.rank("concat", x, first.shape().rank());
            if (!x.shape().with(a, Dim.of(0)).equals(first.shape().with(a, Dim.of(0)))) {
                throw new IllegalArgumentException(
                        "concat along axis " + a + " of " + first + " and " + x);
            }
            sum = sum.plus(x.shape().dim(a));
        }
        return first.withShape(first.shape().with(a, sum));
    }
}
