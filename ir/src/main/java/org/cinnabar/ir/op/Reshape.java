package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/** The same elements in row-major order under another shape. */
public record Reshape(Shape shape) implements Movement {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("reshape", in, 1);
        TensorType x = in.getFirst();
        if (!x.shape().size().equals(shape.size())) {
            throw new IllegalArgumentException(
                    "reshape of "
                            + x
                            + " ("
                            + x.shape().size()
                            + " elements) to "
                            + shape
                            + " ("
                            + shape.size()
                            + ")");
        }
        return x.withShape(shape);
    }
}
