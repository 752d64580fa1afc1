package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;

/** A value known at compile time: biases, scales, indices, shapes. */
public record Constant(Tensor value) implements Op {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("constant", in, 0);
        return value.type();
    }
}
