package org.cinnabar.frontend.op;

import java.util.List;
import java.util.Optional;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;

/** Matrix products. A constant right factor of floats becomes the weight of a linear map. */
final class MatrixOps {
    static final List<OpRow> ROWS =
            List.of(OpRow.of("MatMul", 1, MatrixOps::matMul), OpRow.of("Gemm", 7, MatrixOps::gemm));

    private MatrixOps() {}

    private static Node matMul(OnnxNode n) {
        return product(n, n.in(0), n.in(1), n.known(1));
    }

    /**
     * {@code a·b} as NumPy defines it for every rank; {@code known} is the value of {@code b} if it
     * has one.
     */
    static Node product(OnnxNode n, Node a, Node b, Optional<Tensor> known) {
        if (known.isPresent() && a.type().dtype().isFloating() && a.shape().rank() > 0) {
            Tensor weight = known.get();
            if (weight.shape().rank() == 2) {
                return n.op(new Linear(), a, n.transposedWeight(weight));
            } else if (weight.shape().rank() == 1) {
                Node column = n.op(new Linear(), a, n.matrix(weight.floats(), 1, weight.count()));
                return n.reshape(
                        column,
                        OnnxNode.shape(column.shape(), dims -> dims.subList(0, dims.size() - 1)));
            }
        }
        int ra = a.shape().rank();
        int rb = b.shape().rank();
        if (ra == 0 || rb == 0) {
            throw new Rejected("factors of rank 1 or more", a.type() + " and " + b.type(), "");
        }
        Node left = ra == 1 ? n.reshape(a, Dim.of(1), a.shape().dim(0)) : a;
        Node right = rb == 1 ? n.reshape(b, b.shape().dim(0), Dim.of(1)) : b;
        Node y = n.op(new MatMul(), left, right);
        return n.reshape(
                y,
                OnnxNode.shape(
                        y.shape(),
                        dims -> {
                            if (rb == 1) {
                                dims.removeLast();
                            }
                            if (ra == 1) {
                                dims.remove(dims.size() - (rb == 1 ? 1 : 2));
                            }
                            return dims;
                        }));
    }

    /** {@code alpha·A'·B' + beta·C}, where a prime transposes if asked to. */
    private static Node gemm(OnnxNode n) {
        Node a = n.in(0);
        Node b = n.in(1);
        if (a.shape().rank() != 2 || b.shape().rank() != 2) {
            throw new Rejected("factors of rank 2", a.type() + " and " + b.type(), "");
        }
        Node left = n.flag("transA", false) ? n.transposeMatrix(a) : a;
        boolean transposed = n.flag("transB", false);
        Optional<Tensor> weight = a.type().dtype().isFloating() ? n.known(1) : Optional.empty();
        Node product;
        if (weight.isPresent()) {
            Tensor w = weight.get();
            product = n.op(new Linear(), left, transposed ? n.weight(w) : n.transposedWeight(w));
        } else {
            product = n.op(new MatMul(), left, transposed ? n.transposeMatrix(b) : b);
        }
        Node scaled = scaled(n, product, n.number("alpha", 1));
        double beta = n.number("beta", 1);
        return n.has(2) && beta != 0 ? n.add(scaled, scaled(n, n.in(2), beta)) : scaled;
    }

    private static Node scaled(OnnxNode n, Node x, double factor) {
        return factor == 1 ? x : n.mul(x, factor);
    }
}
