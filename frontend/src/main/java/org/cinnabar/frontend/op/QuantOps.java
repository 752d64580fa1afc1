package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;

/**
 * Quantised operators, computed in floats: {@code real = scale·(q - zero)} and {@code q =
 * saturate(round(real/scale) + zero)}. Sums of products of 8-bit numbers are exact in a float up to
 * 2^24.
 */
final class QuantOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("QuantizeLinear", 10, QuantOps::quantize),
                    OpRow.of("DequantizeLinear", 10, QuantOps::dequantize),
                    OpRow.of("QLinearConv", 10, QuantOps::conv),
                    OpRow.of("QLinearMatMul", 10, QuantOps::matMul),
                    OpRow.microsoft("QLinearAdd", n -> combined(n, false)),
                    OpRow.microsoft("QLinearMul", n -> combined(n, true)),
                    OpRow.microsoft("QLinearGlobalAveragePool", QuantOps::globalAveragePool));

    private QuantOps() {}

    private static Node quantize(OnnxNode n) {
        n.ignore("saturate", "precision");
        rejectBlocks(n);
        Node x = n.in(0);
        int axis = axis(n, x, n.in(1));
        Node zero = n.has(2) ? n.in(2) : n.scalar(n.elementType("output_dtype", DType.U8), 0);
        return saturated(
                n,
                n.div(x, parameter(n, n.in(1), axis, x)),
                parameter(n, zero, axis, x),
                zero.type().dtype());
    }

    private static Node dequantize(OnnxNode n) {
        n.ignore("output_dtype");
        rejectBlocks(n);
        Node x = n.in(0);
        int axis = axis(n, x, n.in(1));
        Node real = n.cast(x, DType.F32);
        Node centred = n.has(2) ? n.sub(real, parameter(n, n.in(2), axis, x)) : real;
        return n.mul(centred, parameter(n, n.in(1), axis, x));
    }

    private static void rejectBlocks(OnnxNode n) {
        long block = n.integer("block_size", 0);
        if (block != 0) {
            throw n.unsupported("block_size", block, "block_size=0");
        }
    }

    private static int axis(OnnxNode n, Node x, Node scale) {
        long axis = n.integer("axis", 1);
        return scale.shape().rank() == 0 || scale.shape().size().is(1) ? 0 : n.axis(axis, x);
    }

    /** A scale or zero point as floats that broadcast along {@code axis} of {@code x}. */
    private static Node parameter(OnnxNode n, Node value, int axis, Node x) {
        Node real = n.cast(value, DType.F32);
        if (real.shape().size().is(1)) {
            return n.reshape(real, Shape.SCALAR);
        }
        return n.along(real, axis, x.shape().rank());
    }

    /** {@code round(x) + zero}, ties to even, clipped to the range of {@code type}. */
    private static Node saturated(OnnxNode n, Node x, Node zero, DType type) {
        double low;
        double high;
        switch (type) {
            case U8 -> {
                low = 0;
                high = 255;
            }
            case I8 -> {
                low = -128;
                high = 127;
            }
            default -> throw new Rejected("quantisation to int8 or uint8", type.toString(), "");
        }
        Node shifted = n.add(n.unary(Unary.Function.ROUND, x), zero);
        return n.cast(n.clip(shifted, low, high), type);
    }

    /** {@code value - zero} as floats. */
    private static Node centred(OnnxNode n, int value, int zero) {
        return n.sub(n.cast(n.in(value), DType.F32), parameter(n, n.in(zero), 0, n.in(value)));
    }

    private static Node scalar(OnnxNode n, int operand) {
        return parameter(n, n.in(operand), 0, n.in(operand));
    }

    private static Node conv(OnnxNode n) {
        Node x = centred(n, 0, 2);
        Tensor quantised = n.constant(3, "weight");
        Tensor zero = n.constant(5, "weight zero point");
        Tensor weight = centredWeight(quantised, zero);
        List<Integer> kernel = new ArrayList<>();
        for (int axis = 2; axis < weight.shape().rank(); axis++) {
            kernel.add(weight.shape().extent(axis));
        }
        n.ignore("kernel_shape");
        Window window = Windows.of(n, kernel, x.shape());
        Node sum =
                n.op(new Conv(window, Math.toIntExact(n.integer("group", 1))), x, n.weight(weight));
        int rank = sum.shape().rank();
        if (n.has(8)) {
            sum = n.add(sum, n.perChannel(n.cast(n.in(8), DType.F32), rank));
        }
        Node scale = n.div(n.mul(scalar(n, 1), parameter(n, n.in(4), 1, sum)), scalar(n, 6));
        return saturated(n, n.mul(sum, scale), scalar(n, 7), n.in(7).type().dtype());
    }

    /** The weight less its zero point, one for all or one for each output channel. */
    private static Tensor centredWeight(Tensor weight, Tensor zero) {
        long[] from = weight.longs();
        long[] zeros = zero.longs();
        float[] to = new float[from.length];
        int perZero = from.length / Math.max(1, zeros.length);
        for (int i = 0; i < from.length; i++) {
            to[i] = from[i] - zeros[i / perZero];
        }
        return Tensor.f32(weight.shape(), to);
    }

    private static Node matMul(OnnxNode n) {
        Node a = centred(n, 0, 2);
        if (!n.in(5).shape().size().is(1)) {
            throw new Rejected(
                    "one zero point for the right factor", n.in(5).type().toString(), "");
        }
        Node b = centred(n, 3, 5);
        Node product =
                MatrixOps.product(
                        n, a, b, n.known(3).flatMap(w -> n.known(5).map(z -> centredWeight(w, z))));
        Node scale = n.div(n.mul(scalar(n, 1), scalar(n, 4)), scalar(n, 6));
        return saturated(n, n.mul(product, scale), scalar(n, 7), n.in(7).type().dtype());
    }

    private static Node combined(OnnxNode n, boolean product) {
        Node a = n.mul(centred(n, 0, 2), scalar(n, 1));
        Node b = n.mul(centred(n, 3, 5), scalar(n, 4));
        Node y = product ? n.mul(a, b) : n.add(a, b);
        return saturated(n, n.div(y, scalar(n, 6)), scalar(n, 7), n.in(0).type().dtype());
    }

    private static Node globalAveragePool(OnnxNode n) {
        if (n.flag("channels_last", false)) {
            throw n.unsupported("channels_last", 1, "channels_last=0");
        }
        Node mean = n.mean(centred(n, 0, 2), PoolOps.spatial(n));
        Node scale = n.div(scalar(n, 1), scalar(n, 3));
        return saturated(n, n.mul(mean, scale), scalar(n, 4), n.in(0).type().dtype());
    }
}
