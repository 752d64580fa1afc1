package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/**
 * Gives every number of z to the greatest number under its window of x, the first one in row-major
 * order where several are equal, and adds up what meets at one place: the gradient of a maximum
 * {@link Pool} of x for the gradient z of its result. Operands x and z; the result has the type of
 * x.
 */
public record MaxUnpool(Window window) implements Op {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("max unpool", in, 2);
        TensorType x = in.getFirst();
        TensorType pooled = new Pool(Pool.Function.MAX, window, false).infer(List.of(x));
        if (!pooled.equals(in.get(1))) {
            throw new IllegalArgumentException(
                    "max unpool with window %s of %s needs %s, got %s"
                            .formatted(window, x, pooled, in.get(1)));
        }
        return x;
    }
}
