package org.cinnabar.ir.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/**
 * Convolution (cross-correlation) without bias: {@code y[n,k,p] = Σ_{c,t} w[k,(c,t)]·x[n,c,p·stride
 * + t·dilation - pad]}.
 *
 * <p>Operands: {@code x} of shape {@code [N,C,spatial...]} and a weight {@code [K, C/groups·taps]}
 * that acts on the patch space, columns ordered (channel within the group, then kernel position,
 * row-major). The columns of a computed weight may be axes of their own: {@code [K, C/groups,
 * kernel...]}. Group {@code g} maps the g-th part of the input channels to the g-th part of the
 * rows.
 */
public record Conv(Window window, int groups) implements Contraction {
    public Conv {
        if (groups < 1) {
            throw new IllegalArgumentException("conv needs at least one group, got " + groups);
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("conv", in, 2);
        TensorType x = in.get(0);
        TensorType w = in.get(1);
        Operands.rank("conv with window " + window + ": input", x, window.rank() + 2);
        Dim expected = x.shape().dim(1).times(window.taps());
        if (!columns(w).times(groups).equals(expected)) {
            throw new IllegalArgumentException(
                    "conv with window "
                            + window
                            + " and "
                            + groups
                            + " groups over "
                            + x
                            + " needs a weight of "
                            + expected
                            + "/"
                            + groups
                            + " columns, got "
                            + w);
        }
        if (w.shape().dim(0).value() % groups != 0) {
            throw new IllegalArgumentException(
                    "conv: "
                            + w.shape().dim(0)
                            + " output channels do not split into "
                            + groups
                            + " groups");
        }
        List<Dim> dims = new ArrayList<>(List.of(x.shape().dim(0), w.shape().dim(0)));
        for (int axis = 0; axis < window.rank(); axis++) {
            dims.add(window.positions(axis, x.shape().dim(axis + 2)));
        }
        return x.withShape(new Shape(dims));
    }

    private Dim columns(TensorType weight) {
        int rank = weight.shape().rank();
        boolean apart = rank == window.rank() + 2;
        for (int axis = 0; axis < window.rank() && apart; axis++) {
            apart = weight.shape().dim(axis + 2).is(window.kernel().get(axis));
        }
        if (rank != 2 && !apart) {
            throw new IllegalArgumentException(
                    "conv with window " + window + " needs a weight of rank 2, got " + weight);
        }
        return weight.shape().dims().subList(1, rank).stream().reduce(Dim.of(1), Dim::times);
    }
}
