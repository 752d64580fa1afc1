package org.cinnabar.ir.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/**
 * Picks entries of {@code axis}: operands x and integer indices (not negative); the axis is
 * replaced by the axes of the indices.
 */
public record Gather(int axis) implements Movement {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("gather", in, 2);
        TensorType x = in.get(0);
        TensorType indices = in.get(1);
        int a = Operands.axis("gather", axis, x.shape().rank());
        if (indices.dtype().isFloating()) {
            throw new IllegalArgumentException("gather needs integer indices, got " + indices);
        }
        List<Dim> dims = new ArrayList<>(x.shape().dims().subList(0, a));
        dims.addAll(indices.shape().dims());
        dims.addAll(x.shape().dims().subList(a + 1, x.shape().rank()));
        return x.withShape(new Shape(dims));
    }
}
