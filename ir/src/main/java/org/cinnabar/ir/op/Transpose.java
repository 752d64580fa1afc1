package org.cinnabar.ir.op;

import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/** Axis {@code i} of the result is axis {@code permutation[i]} of the operand. */
public record Transpose(List<Integer> permutation) implements Movement {
    public Transpose {
        permutation = List.copyOf(permutation);
        List<Integer> sorted = permutation.stream().sorted().toList();
        if (!sorted.equals(IntStream.range(0, permutation.size()).boxed().toList())) {
            throw new IllegalArgumentException("not a permutation: " + permutation);
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("transpose", in, 1);
        TensorType x = in.getFirst();
        Operands.rank("transpose by " + permutation, x, permutation.size());
        return x.withShape(new Shape(permutation.stream().map(a -> x.shape().dim(a)).toList()));
    }
}
