package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/**
 * {@code y = condition ? a : b} element by element; operands (condition: bool, a, b), shapes
 * broadcast.
 */
public record Select() implements Elementwise {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("select", in, 3);
        if (in.getFirst().dtype() != DType.BOOL) {
            throw new IllegalArgumentException(
                    "select needs a bool condition, got " + in.getFirst());
        }
        Operands.sameDtype("select", in.get(1), in.get(2));
        return in.get(1)
                .withShape(
                        in.get(0)
                                .shape()
                                .broadcast(in.get(1).shape())
                                .broadcast(in.get(2).shape()));
    }
}
