package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/** The operand broadcast to {@code shape}. */
public record Expand(Shape shape) implements Movement {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("expand", in, 1);
        TensorType x = in.getFirst();
        if (!x.shape().broadcast(shape).equals(shape)) {
            throw new IllegalArgumentException("expand of " + x + " to " + shape);
        }
        return x.withShape(shape);
    }
}
