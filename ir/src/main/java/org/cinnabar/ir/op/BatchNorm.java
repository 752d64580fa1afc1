package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/**
 * Batch normalisation at inference: {@code y = scale·(x - mean)/√(variance + epsilon) + bias} per
 * channel (axis 1); operands x, scale, bias, mean, variance. The canonical form has none: it
 * becomes a multiply and an add, or part of a convolution.
 */
public record BatchNorm(double epsilon) implements Op {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("batch normalization", in, 5);
        TensorType x = in.getFirst();
        if (x.shape().rank() < 2) {
            throw new IllegalArgumentException(
                    "batch normalization needs a channel axis, got " + x);
        }
        Dim channels = x.shape().dim(1);
        for (TensorType parameter : in.subList(1, 5)) {
            Operands.rank("batch normalization parameter", parameter, 1);
            if (!parameter.shape().dim(0).equals(channels)) {
                throw new IllegalArgumentException(
                        "batch normalization of "
                                + channels
                                + " channels with a parameter "
                                + parameter);
            }
        }
        return x;
    }
}
