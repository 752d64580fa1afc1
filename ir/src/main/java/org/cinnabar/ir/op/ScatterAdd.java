package org.cinnabar.ir.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/**
 * Adds up the entries that share an index: the adjoint of {@link Gather}. Operands z and integer
 * indices (not negative, below {@code extent}); the axes of the indices, which are those of z from
 * {@code axis} on, become one of {@code extent}, zero where no index points.
 */
public record ScatterAdd(int axis, int extent) implements Op {
    public ScatterAdd {
        if (axis < 0 || extent < 0) {
            throw new IllegalArgumentException("scatter to axis " + axis + " of extent " + extent);
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("scatter", in, 2);
        TensorType z = in.get(0);
        TensorType indices = in.get(1);
        int after = axis + indices.shape().rank();
        if (indices.dtype().isFloating()
                || after > z.shape().rank()
                || !z.shape().dims().subList(axis, after).equals(indices.shape().dims())) {
            throw new IllegalArgumentException(
                    "scatter of "
                            + z
                            + " from axis "
                            + axis
                            + " needs integer indices of the shape it has there, got "
                            + indices);
        }
        List<Dim> dims = new ArrayList<>(z.shape().dims().subList(0, axis));
        dims.add(Dim.of(extent));
        dims.addAll(z.shape().dims().subList(after, z.shape().rank()));
        return z.withShape(new Shape(dims));
    }
}
