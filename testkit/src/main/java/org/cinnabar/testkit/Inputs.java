package org.cinnabar.testkit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Input;

/** Random values for the inputs of a graph. */
public final class Inputs {
    private static final int[] EXTENTS = {1, 3, 5, 7, 9, 11};
    private static final int ATTEMPTS = 50;

    private Inputs() {}

    /**
     * A small odd number for every symbol, such that the windows and slices of {@code graph} still
     * fit.
     */
    public static Map<String, Long> symbols(Graph graph, Random random) {
        for (int attempt = 1; ; attempt++) {
            Map<String, Long> values = new HashMap<>();
            for (Node input : graph.inputs()) {
                input.shape()
                        .dims()
                        .forEach(
                                dim ->
                                        dim.symbols()
                                                .forEach(
                                                        name ->
                                                                values.put(
                                                                        name,
                                                                        (long)
                                                                                EXTENTS[
                                                                                        random
                                                                                                .nextInt(
                                                                                                        EXTENTS.length)])));
            }
            try {
                Symbols.bind(graph, values);
                return values;
            } catch (IllegalArgumentException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /**
     * Normal numbers for floating inputs; 0, 1 or 2 for integers, so that they may index an axis of
     * 3; truth by a coin.
     */
    public static Map<String, Tensor> random(Graph bound, Random random) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        for (Node input : bound.inputs()) {
            values.put(((Input) input.op()).name(), random(input.type(), random));
        }
        return values;
    }

    private static Tensor random(TensorType type, Random random) {
        int count = type.shape().count();
        if (type.dtype().isFloating()) {
            double[] normal = random.doubles(count).map(_ -> random.nextGaussian()).toArray();
            Tensor wide = Tensor.f64(type.shape(), normal);
            return type.dtype() == DType.F64 ? wide : Tensor.f32(type.shape(), wide.toFloats());
        }
        int bound = type.dtype() == DType.BOOL ? 2 : 3;
        return Tensor.integers(type.dtype(), type.shape(), random.longs(count, 0, bound).toArray());
    }
}
