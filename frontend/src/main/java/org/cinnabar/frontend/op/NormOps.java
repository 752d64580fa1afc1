package org.cinnabar.frontend.op;

import java.util.List;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;

/** Normalisations, and dropout, which at inference is nothing. */
final class NormOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("BatchNormalization", 7, NormOps::batch),
                    OpRow.of("InstanceNormalization", 6, NormOps::instance),
                    OpRow.many("LayerNormalization", 17, NormOps::layer),
                    OpRow.of("GroupNormalization", 18, NormOps::group),
                    OpRow.of("RMSNormalization", 23, NormOps::rootMeanSquare),
                    OpRow.of("MeanVarianceNormalization", 9, NormOps::meanVariance),
                    OpRow.of("LpNormalization", 1, NormOps::lp),
                    OpRow.of("LRN", 1, NormOps::localResponse),
                    OpRow.of("Dropout", 7, NormOps::dropout),
                    OpRow.many("Dropout", 10, NormOps::dropoutWithMask));

    private NormOps() {}

    private static Node batch(OnnxNode n) {
        n.ignore("momentum");
        if (n.flag("training_mode", false)) {
            throw n.unsupported("training_mode", 1, "the inference form, training_mode=0");
        }
        if (!n.flag("spatial", true)) {
            throw n.unsupported("spatial", 0, "one mean and variance per channel, spatial=1");
        }
        return n.op(
                new BatchNorm(n.number("epsilon", 1e-5f)),
                n.in(0),
                n.in(1),
                n.in(2),
                n.in(3),
                n.in(4));
    }

    private static Node instance(OnnxNode n) {
        Node x = n.in(0);
        int rank = x.shape().rank();
        Node y = standardised(n, x, PoolOps.spatial(n), n.number("epsilon", 1e-5f));
        return n.add(n.mul(y, n.perChannel(n.in(1), rank)), n.perChannel(n.in(2), rank));
    }

    private static List<Node> layer(OnnxNode n) {
        n.ignore("stash_type");
        Node x = n.in(0);
        List<Integer> axes = OnnxNode.axes(n.axis(n.integer("axis", -1), x), x.shape().rank());
        Node mean = n.mean(x, axes);
        Node centred = n.sub(x, mean);
        Node scale =
                n.unary(
                        Unary.Function.RECIPROCAL,
                        n.sqrt(n.add(n.mean(n.square(centred), axes), n.number("epsilon", 1e-5f))));
        Node y = n.mul(n.mul(centred, scale), n.in(1));
        return List.of(n.has(2) ? n.add(y, n.in(2)) : y, mean, scale);
    }

    /**
     * Statistics over groups of channels; scale and bias are per group up to opset 20, per channel
     * from 21 on.
     */
    private static Node group(OnnxNode n) {
        n.ignore("stash_type");
        Node x = n.in(0);
        Shape shape = x.shape();
        int rank = shape.rank();
        Dim groups = Dim.of(n.integer("num_groups"));
        Dim size = shape.size().exactDiv(shape.dim(0)).exactDiv(groups);
        Node grouped = n.reshape(x, shape.dim(0), groups, size);
        Node y = standardised(n, grouped, List.of(2), n.number("epsilon", 1e-5f));
        if (n.opset() < 21) {
            return n.reshape(
                    n.add(n.mul(y, n.perChannel(n.in(1), 3)), n.perChannel(n.in(2), 3)), shape);
        }
        Node ungrouped = n.reshape(y, shape);
        return n.add(n.mul(ungrouped, n.perChannel(n.in(1), rank)), n.perChannel(n.in(2), rank));
    }

    private static Node rootMeanSquare(OnnxNode n) {
        n.ignore("stash_type");
        Node x = n.in(0);
        List<Integer> axes = OnnxNode.axes(n.axis(n.integer("axis", -1), x), x.shape().rank());
        Node square = n.add(n.mean(n.square(x), axes), n.number("epsilon", 1e-5f));
        return n.mul(n.div(x, n.sqrt(square)), n.in(1));
    }

    private static Node meanVariance(OnnxNode n) {
        Node x = n.in(0);
        List<Integer> axes =
                n.integers("axes").orElse(List.of(0, 2, 3)).stream()
                        .map(a -> n.axis(a, x))
                        .toList();
        Node centred = n.sub(x, n.mean(x, axes));
        return n.div(centred, n.add(n.sqrt(n.mean(n.square(centred), axes)), 1e-9));
    }

    private static Node lp(OnnxNode n) {
        Node x = n.in(0);
        List<Integer> axes = List.of(n.axis(n.integer("axis", -1), x));
        long p = n.integer("p", 2);
        if (p == 1) {
            return n.div(x, n.reduce(Reduce.Function.SUM, n.unary(Unary.Function.ABS, x), axes));
        } else if (p == 2) {
            return n.div(x, n.sqrt(n.reduce(Reduce.Function.SUM, n.square(x), axes)));
        }
        throw n.unsupported("p", p, "p=1 or p=2");
    }

    /**
     * The window over channels is an average pool over {@code [N,1,C,spatial]} that counts its
     * padding.
     */
    private static Node localResponse(OnnxNode n) {
        Node x = n.in(0);
        Shape shape = x.shape();
        if (shape.rank() < 3) {
            throw new Rejected("an input of rank 3 or more", x.type().toString(), "");
        }
        int size = Math.toIntExact(n.integer("size"));
        Dim pixels = shape.size().exactDiv(shape.dim(0)).exactDiv(shape.dim(1));
        Node planes = n.reshape(n.square(x), shape.dim(0), Dim.of(1), shape.dim(1), pixels);
        Window channels =
                new Window(
                        List.of(size, 1),
                        List.of(1, 1),
                        List.of((size - 1) / 2, 0),
                        List.of(size / 2, 0),
                        List.of(1, 1));
        Node mean = n.reshape(n.op(new Pool(Pool.Function.AVERAGE, channels, true), planes), shape);
        Node scale = n.add(n.mul(mean, n.number("alpha", 1e-4f)), n.number("bias", 1));
        return n.div(x, n.pow(scale, n.number("beta", 0.75f)));
    }

    private static Node dropout(OnnxNode n) {
        n.ignore("ratio", "seed");
        boolean training = n.has(2) && n.number(2, "training_mode") != 0;
        if (training && !(n.has(1) && n.number(1, "ratio") == 0)) {
            throw n.unsupported("training_mode", true, "the inference form, training_mode=false");
        }
        return n.in(0);
    }

    /** The mask keeps everything. */
    private static List<Node> dropoutWithMask(OnnxNode n) {
        Node x = dropout(n);
        return List.of(x, n.expand(n.scalar(DType.BOOL, 1), x.shape()));
    }

    /** {@code (x - mean) / √(variance + epsilon)} over {@code axes}. */
    private static Node standardised(OnnxNode n, Node x, List<Integer> axes, double epsilon) {
        Node centred = n.sub(x, n.mean(x, axes));
        Node variance = n.mean(n.square(centred), axes);
        return n.div(centred, n.sqrt(n.add(variance, epsilon)));
    }
}
