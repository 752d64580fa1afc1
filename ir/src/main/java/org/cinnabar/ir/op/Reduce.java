package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/** Reduces {@code axes} (counted from the front, sorted) to extent 1 each; the rank stays. */
public record Reduce(Function f, List<Integer> axes) implements Op {
    /** The reductions. */
    public enum Function {
        SUM,
        MEAN,
        PROD,
        MIN,
        MAX
    }

    public Reduce {
        axes = axes.stream().sorted().distinct().toList();
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("reduce", in, 1);
        Shape shape = in.getFirst().shape();
        for (int axis : axes) {
            shape = shape.with(Operands.axis("reduce", axis, shape.rank()), Dim.of(1));
        }
        return in.getFirst().withShape(shape);
    }
}
