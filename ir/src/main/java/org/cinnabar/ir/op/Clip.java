package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/**
 * {@code y = min(max(x, low), high)}; ReLU6 is {@code clip(0, 6)}. Infinite bounds are no bounds.
 */
public record Clip(double low, double high) implements Elementwise {
    public Clip {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "clip needs low <= high, got " + low + " and " + high);
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("clip", in, 1);
        return in.getFirst();
    }
}
