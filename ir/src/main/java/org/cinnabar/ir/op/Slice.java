package org.cinnabar.ir.op;

import java.util.List;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.TensorType;

/**
 * Elements {@code start, start+step, ...} ({@code count} of them) of one axis, counted from the
 * front. A negative step walks backwards.
 */
public record Slice(int axis, Dim start, long step, Dim count) implements Movement {
    public Slice {
        if (step == 0) {
            throw new IllegalArgumentException("slice with step 0");
        }
    }

    @Override
    public TensorType infer(List<TensorType> in) {
        Operands.count("slice", in, 1);
        TensorType x = in.getFirst();
        int a = Operands.axis("slice", axis, x.shape().rank());
        Dim last = start.plus(count.plus(-1).times(step));
        Dim extent = x.shape().dim(a);
        boolean outside =
                start.isKnown() && start.value() < 0
                        || last.isKnown() && last.value() < (count.is(0) ? Long.MIN_VALUE : 0)
                        || extent.isKnown()
                                && last.isKnown()
                                && last.value() >= extent.value()
                                && !count.is(0)
                        || extent.isKnown()
                                && start.isKnown()
                                && start.value() >= extent.value()
                                && !count.is(0);
        if (outside) {
            throw new IllegalArgumentException(
                    "slice from " + start + " to " + last + " is outside axis " + a + " of " + x);
        }
        return x.withShape(x.shape().with(a, count));
    }
}
