package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/**
 * The same values as another element type; floats round toward zero to integers, nonzero is true.
 */
public record Cast(DType to) implements Elementwise {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("cast", in, 1);
        return new TensorType(to, in.getFirst().shape());
    }
}
