package org.cinnabar.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * One named input or output of a compiled model.
 *
 * <p>Values are f32 in row-major order, in the axis order of the model the program was compiled
 * from.
 *
 * @param name the name in that model
 * @param shape the compiled shape; dimension 0 is the batch unit of a batchable model
 * @param offset index of the first value in the arena
 */
public record Port(String name, List<Integer> shape, int offset) {
    private static final String SCALAR = "scalar";

    /** Rejects dimensions below one, a negative offset, and more than 2^31 - 1 values. */
    public Port {
        shape = List.copyOf(shape);
        long length = 1;
        for (int dimension : shape) {
            if (dimension < 1) {
                throw new IllegalArgumentException(
                        "port '" + name + "' has dimension " + dimension + " in " + text(shape));
            }
            length *= dimension;
            if (length > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "port '" + name + "' of " + text(shape) + " exceeds 2^31 - 1 values");
            }
        }
        if (offset < 0) {
            throw new IllegalArgumentException("port '" + name + "' lies at offset " + offset);
        }
    }

    /**
     * The port {@code name} at {@code offset} with its shape as messages show it, {@code
     * "1x3x224x224"} or {@code "scalar"}.
     */
    public static Port of(String name, String shape, int offset) {
        List<Integer> dimensions = new ArrayList<>();
        if (!shape.equals(SCALAR)) {
            for (String dimension : shape.split("x")) {
                dimensions.add(Integer.parseInt(dimension));
            }
        }
        return new Port(name, dimensions, offset);
    }

    /** The shape in the form that {@link #of} takes. */
    public String shapeText() {
        return text(shape);
    }

    /** Number of values: the product of the shape. */
    public int length() {
        int length = 1;
        for (int dimension : shape) {
            length *= dimension;
        }
        return length;
    }

    /** The shape of {@code units} compiled shapes stacked along dimension 0. */
    public List<Integer> stacked(int units) {
        if (units == 1 || shape.isEmpty()) {
            return shape;
        }
        List<Integer> stacked = new ArrayList<>(shape);
        stacked.set(0, Math.multiplyExact(shape.getFirst(), units));
        return List.copyOf(stacked);
    }

    /** {@code shape} as messages show it, {@code 1x3x224x224}; a scalar is {@code scalar}. */
    static String text(List<Integer> shape) {
        if (shape.isEmpty()) {
            return SCALAR;
        }
        StringBuilder text = new StringBuilder();
        for (int dimension : shape) {
            text.append(text.isEmpty() ? "" : "x").append(dimension);
        }
        return text.toString();
    }
}
