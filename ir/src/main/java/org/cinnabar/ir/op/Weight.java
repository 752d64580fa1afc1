package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.weights.LinearMap;

/**
 * The linear map of a contraction, as an operand like any other: sharing is two users of one node,
 * compression replaces the payload. Its type is that of the dense matrix, {@code f32[rows,cols]}.
 */
public record Weight(LinearMap map) implements Op {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("weight", in, 0);
        return new TensorType(DType.F32, Shape.of(map.rows(), map.cols()));
    }
}
