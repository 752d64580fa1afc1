package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/** A value the caller supplies under {@code name}. */
public record Input(String name, TensorType type) implements Op {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("input", in, 0);
        return type;
    }
}
