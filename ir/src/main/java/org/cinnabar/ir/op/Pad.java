package org.cinnabar.ir.op;

import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/**
 * {@code begin[i]} and {@code end[i]} more elements before and after axis {@code i}; {@code value}
 * is for CONSTANT only.
 */
public record Pad(List<Integer> begin, List<Integer> end, Mode mode, double value)
        implements Movement {
    /** Where the new elements come from, named as in ONNX. */
    public enum Mode {
        CONSTANT,
        REFLECT,
        EDGE
    }

    public Pad {
        begin = List.copyOf(begin);
        end = List.copyOf(end);
        if (begin.size() != end.size()) {
            throw new IllegalArgumentException("pad begins " + begin + " and ends " + end);
        }
        if (begin.stream().anyMatch(b -> b < 0) || end.stream().anyMatch(e -> e < 0)) {
            throw new IllegalArgumentException("negative padding " + begin + ", " + end);
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("pad", in, 1);
        TensorType x = in.getFirst();
        Operands.rank("pad by " + begin, x, begin.size());
        return x.withShape(
                new Shape(
                        IntStream.range(0, begin.size())
                                .mapToObj(i -> x.shape().dim(i).plus(begin.get(i)).plus(end.get(i)))
                                .toList()));
    }
}
