package org.cinnabar.ir.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/**
 * Maximum or mean of the elements under a window, channel by channel, over {@code
 * x[N,C,spatial...]}. Padding never wins a maximum; it counts in a mean only if {@code
 * countPadding}.
 */
public record Pool(Function f, Window window, boolean countPadding) implements Op {
    /** What is taken of the elements under the window. */
    public enum Function {
        MAX,
        AVERAGE
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("pool", in, 1);
        TensorType x = in.getFirst();
        Operands.rank("pool with window " + window, x, window.rank() + 2);
        List<Dim> dims = new ArrayList<>(x.shape().dims().subList(0, 2));
        for (int axis = 0; axis < window.rank(); axis++) {
            dims.add(window.positions(axis, x.shape().dim(axis + 2)));
        }
        return x.withShape(new Shape(dims));
    }
}
