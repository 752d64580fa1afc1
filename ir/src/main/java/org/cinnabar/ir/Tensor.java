package org.cinnabar.ir;

import java.util.Arrays;

/**
 * A constant array: row-major values of a known shape. Storage is {@code float[]} for {@code F32},
 * {@code double[]} for {@code F64} and {@code long[]} for integers and booleans (0 or 1). Arrays
 * are shared, not copied: treat them as immutable. Equality is identity.
 */
public final class Tensor {
    private final TensorType type;
    private final Object values;

    private Tensor(DType dtype, Shape shape, Object values, int length) {
        if (!shape.size().is(length)) {
            throw new IllegalArgumentException(
                    "shape "
                            + shape
                            + " has "
                            + shape.size()
                            + " elements, got "
                            + length
                            + " values");
        }
        this.type = new TensorType(dtype, shape);
        this.values = values;
    }

    public static Tensor f32(Shape shape, float... values) {
        return new Tensor(DType.F32, shape, values, values.length);
    }

    public static Tensor f64(Shape shape, double... values) {
        return new Tensor(DType.F64, shape, values, values.length);
    }

    public static Tensor i64(Shape shape, long... values) {
        return integers(DType.I64, shape, values);
    }

    /** A tensor of any integer type or {@code BOOL}. */
    public static Tensor integers(DType dtype, Shape shape, long... values) {
        if (dtype.isFloating()) {
            throw new IllegalArgumentException("integer storage for " + dtype);
        }
        return new Tensor(dtype, shape, values, values.length);
    }

    /** The {@code F32} scalar {@code value}. */
    public static Tensor scalar(float value) {
        return f32(Shape.SCALAR, value);
    }

    public TensorType type() {
        return type;
    }

    public DType dtype() {
        return type.dtype();
    }

    public Shape shape() {
        return type.shape();
    }

    public int count() {
        return shape().count();
    }

    /** The storage of an {@code F32} tensor itself. */
    public float[] floats() {
        if (values instanceof float[] floats) {
            return floats;
        }
        throw new IllegalStateException("expected f32 values, have " + type);
    }

    /** The storage of an {@code F64} tensor itself. */
    public double[] doubles() {
        if (values instanceof double[] doubles) {
            return doubles;
        }
        throw new IllegalStateException("expected f64 values, have " + type);
    }

    /** The storage of an integer or boolean tensor itself. */
    public long[] longs() {
        if (values instanceof long[] longs) {
            return longs;
        }
        throw new IllegalStateException("expected integer values, have " + type);
    }

    /** A fresh copy of the values, widened or converted to {@code double}. */
    public double[] toDoubles() {
        return switch (values) {
            case float[] floats -> {
                double[] wide = new double[floats.length];
                Arrays.setAll(wide, i -> floats[i]);
                yield wide;
            }
            case double[] doubles -> doubles.clone();
            case long[] longs -> Arrays.stream(longs).asDoubleStream().toArray();
            default -> throw new AssertionError(values);
        };
    }

    /** A fresh copy of the values, narrowed or converted to {@code float}. */
    public float[] toFloats() {
        double[] wide = toDoubles();
        float[] narrow = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            narrow[i] = (float) wide[i];
        }
        return narrow;
    }

    /** The same values under another shape of as many elements. */
    public Tensor reshaped(Shape shape) {
        return new Tensor(dtype(), shape, values, count());
    }

    @Override
    public String toString() {
        return type.toString();
    }
}
