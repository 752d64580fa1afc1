package org.cinnabar.train;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;

/**
 * Numbers of a model that training changes.
 *
 * @param name the layer's name and what the numbers are to it
 * @param input the input of the training graph that holds them, its axes in the order {@code order}
 * @param initial the numbers at first, as the model has them
 * @param extents the axes of the model's numbers, in which {@code order} counts
 */
public record Parameter(
        String name, Role role, Node input, Tensor initial, Shape extents, List<Integer> order) {
    /** What the numbers are for. */
    public enum Role {
        /** Entries of a linear map; weight decay is for these. */
        WEIGHT,
        /** A number per channel that is added or multiplied. */
        CHANNEL,
        /** Running statistics; no gradient reaches them. */
        STATISTIC
    }

    public Parameter {
        order = List.copyOf(order);
    }

    /** How many numbers there are. */
    public int count() {
        return initial.count();
    }

    /** {@code values}, in the model's order, in the order of the training graph. */
    public float[] stored(float[] values) {
        return permuted(values, extents.extents(), order);
    }

    /** {@code values}, in the order of the training graph, in the model's order. */
    public float[] restored(float[] values) {
        int[] stored = order.stream().mapToInt(extents::extent).toArray();
        List<Integer> inverse = new ArrayList<>();
        for (int axis = 0; axis < order.size(); axis++) {
            inverse.add(order.indexOf(axis));
        }
        return permuted(values, stored, inverse);
    }

    /**
     * Row-major numbers with axis i of the result being axis {@code order[i]} of {@code values}.
     */
    private static float[] permuted(float[] values, int[] extents, List<Integer> order) {
        int rank = extents.length;
        int[] strides = new int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= extents[axis];
        }
        float[] result = new float[values.length];
        int[] index = new int[rank];
        int from = 0;
        for (int to = 0; to < result.length; to++) {
            result[to] = values[from];
            for (int axis = rank - 1; axis >= 0; axis--) {
                int source = order.get(axis);
                from += strides[source];
                if (++index[axis] < extents[source]) {
                    break;
                }
                from -= index[axis] * strides[source];
                index[axis] = 0;
            }
        }
        return result;
    }
}
