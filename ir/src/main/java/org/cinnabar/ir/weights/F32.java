package org.cinnabar.ir.weights;

import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;

/** Plain numbers. The gradient of a value is that of its parameter. */
public record F32(Tensor values) implements Encoded {
    /** Row-major {@code values} of the given extents. */
    public static F32 of(float[] values, long... extents) {
        return new F32(Tensor.f32(Shape.of(extents), values));
    }

    public F32 {
        values.floats();
    }

    @Override
    public Shape shape() {
        return values.shape();
    }

    @Override
    public float[] decode() {
        return values.floats();
    }
}
