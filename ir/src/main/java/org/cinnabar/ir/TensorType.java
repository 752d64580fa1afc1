package org.cinnabar.ir;

/** Element type and shape; prints as {@code f32[N,3,224,224]}. */
public record TensorType(DType dtype, Shape shape) {
    public static TensorType f32(long... extents) {
        return new TensorType(DType.F32, Shape.of(extents));
    }

    public TensorType withShape(Shape other) {
        return new TensorType(dtype, other);
    }

    @Override
    public String toString() {
        return dtype + shape.toString();
    }
}
