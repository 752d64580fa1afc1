package org.cinnabar.ir.weights;

import java.util.Arrays;
import java.util.List;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Weight;

/** What every {@link LinearMap} means: in core ops, and as numbers. */
public final class LinearMaps {
    private LinearMaps() {}

    /** {@code map} applied along the last axis of {@code x}, in core ops on dense matrices. */
    public static Node apply(LinearMap map, Node x, GraphBuilder builder) {
        return switch (map) {
            case Matrix _ -> builder.node(new Linear(), x, builder.node(new Weight(map)));
            case Diagonal(Encoded d) ->
                    builder.node(
                            new Binary(Binary.Function.MUL),
                            x,
                            builder.node(new Constant(Tensor.f32(d.shape(), d.decode()))));
            case Product(List<LinearMap> factors) -> {
                Node y = x;
                for (LinearMap factor : factors.reversed()) {
                    y = apply(factor, y, builder);
                }
                yield y;
            }
        };
    }

    /** {@link #dense} of the weights of {@code root}, its second operand. */
    public static float[] weights(Node root) {
        return dense(((Weight) root.in(1).op()).map());
    }

    /**
     * The dense {@code rows × cols} matrix of {@code map}, row-major; possibly storage of the map,
     * not to be changed.
     */
    public static float[] dense(LinearMap map) {
        return switch (map) {
            case Matrix(Encoded entries) -> entries.decode();
            case Diagonal(Encoded d) -> {
                int n = map.rows();
                float[] diagonal = d.decode();
                float[] dense = new float[Math.multiplyExact(n, n)];
                for (int i = 0; i < n; i++) {
                    dense[i * n + i] = diagonal[i];
                }
                yield dense;
            }
            case Product(List<LinearMap> factors) -> {
                float[] product = dense(factors.getLast());
                for (LinearMap factor : factors.reversed().subList(1, factors.size())) {
                    product =
                            multiply(
                                    dense(factor),
                                    product,
                                    factor.rows(),
                                    factor.cols(),
                                    map.cols());
                }
                yield product;
            }
        };
    }

    /** Row-major {@code a[m,k]·b[k,n]}, summed in double precision. */
    private static float[] multiply(float[] a, float[] b, int m, int k, int n) {
        float[] product = new float[Math.multiplyExact(m, n)];
        double[] row = new double[n];
        for (int i = 0; i < m; i++) {
            Arrays.fill(row, 0);
            for (int l = 0; l < k; l++) {
                double scale = a[i * k + l];
                for (int j = 0; j < n; j++) {
                    row[j] += scale * b[l * n + j];
                }
            }
            for (int j = 0; j < n; j++) {
                product[i * n + j] = (float) row[j];
            }
        }
        return product;
    }
}
