package org.cinnabar.passes.gradients;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.weights.Diagonal;
import org.cinnabar.ir.weights.Encoded;
import org.cinnabar.ir.weights.LinearMap;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.ir.weights.Product;

/** The stored numbers of a weight, and the weight as a value computed from them. */
public final class Leaves {
    private Leaves() {}

    /** Everything that is stored in {@code map}, in order. */
    public static Stream<Encoded> of(LinearMap map) {
        return switch (map) {
            case Matrix(Encoded entries) -> Stream.of(entries);
            case Diagonal(Encoded entries) -> Stream.of(entries);
            case Product(List<LinearMap> factors) -> factors.stream().flatMap(Leaves::of);
        };
    }

    /**
     * The matrix {@code [rows,cols]} of {@code map} in core ops on what {@code numbers} gives for
     * each of its leaves: a value of the leaf's shape.
     */
    public static Node dense(LinearMap map, Function<Encoded, Node> numbers, GraphBuilder builder) {
        return switch (map) {
            case Matrix(Encoded entries) -> numbers.apply(entries);
            case Diagonal(Encoded entries) -> {
                int n = map.rows();
                float[] identity = new float[Math.multiplyExact(n, n)];
                for (int i = 0; i < n; i++) {
                    identity[i * n + i] = 1;
                }
                yield builder.node(
                        new Binary(Binary.Function.MUL),
                        builder.constant(Tensor.f32(Shape.of(n, n), identity)),
                        builder.node(new Reshape(Shape.of(n, 1)), numbers.apply(entries)));
            }
            case Product(List<LinearMap> factors) ->
                    factors.stream()
                            .map(factor -> dense(factor, numbers, builder))
                            .reduce((a, b) -> builder.node(new MatMul(), a, b))
                            .orElseThrow();
        };
    }
}
