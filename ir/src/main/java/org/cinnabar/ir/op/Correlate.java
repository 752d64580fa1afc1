package org.cinnabar.ir.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/**
 * How often every number under a window meets every number of a convolution's result: {@code
 * y[t,c,k] = Σ_{n,p} x[n,(g,c),p·stride + t·dilation - pad]·z[n,k,p]}, where g is the group of k.
 * The gradient of a {@link Conv} for its weight is this of its input x and its gradient z.
 *
 * <p>Operands: x of shape {@code [N,C,spatial...]} and z of shape {@code [N,K,positions...]}; the
 * result is {@code [kernel...,C/groups,K]}.
 */
public record Correlate(Window window, int groups) implements Contraction {
    public Correlate {
        if (groups < 1) {
            throw new IllegalArgumentException("correlate needs a group or more, got " + groups);
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("correlate", in, 2);
        TensorType x = in.get(0);
        TensorType z = in.get(1);
        Operands.rank("correlate with window " + window, x, window.rank() + 2);
        Operands.sameDtype("correlate", x, z);
        Dim channels = x.shape().dim(1);
        Dim outputs = z.shape().dim(1);
        List<Dim> expected = new ArrayList<>(List.of(x.shape().dim(0), outputs));
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            expected.add(window.positions(axis, x.shape().dim(axis + 2)));
            dims.add(Dim.of(window.kernel().get(axis)));
        }
        if (!z.shape().dims().equals(expected)
                || channels.value() % groups != 0
                || outputs.value() % groups != 0) {
            throw new IllegalArgumentException(
                    "correlate with window %s and %d groups: %s does not belong to results of %s"
                            .formatted(window, groups, z, x));
        }
        dims.add(Dim.of(channels.value() / groups));
        dims.add(outputs);
        return x.withShape(new Shape(dims));
    }
}
