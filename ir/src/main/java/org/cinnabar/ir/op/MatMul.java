package org.cinnabar.ir.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/** Product of two computed matrices {@code [..., m, k]·[..., k, n]}; leading axes broadcast. */
public record MatMul() implements Contraction {
    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("matmul", in, 2);
        TensorType a = in.get(0);
        TensorType b = in.get(1);
        Operands.sameDtype("matmul", a, b);
        int ra = a.shape().rank();
        int rb = b.shape().rank();
        if (ra < 2 || rb < 2 || !a.shape().dim(-1).equals(b.shape().dim(-2))) {
            throw new IllegalArgumentException("matmul: " + a + " and " + b + " do not multiply");
        }
        Shape batch =
                new Shape(a.shape().dims().subList(0, ra - 2))
                        .broadcast(new Shape(b.shape().dims().subList(0, rb - 2)));
        List<Dim> dims = new ArrayList<>(batch.dims());
        dims.add(a.shape().dim(-2));
        dims.add(b.shape().dim(-1));
        return a.withShape(new Shape(dims));
    }
}
