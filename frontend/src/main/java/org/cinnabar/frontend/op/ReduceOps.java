package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Unary;

/** Reductions. */
final class ReduceOps {
    /** What a reduction does to the operand before and to the sum after. */
    private interface Body extends BiFunction<Node, List<Integer>, Node> {}

    static final List<OpRow> ROWS =
            List.of(
                    row("ReduceSum", 13, n -> plain(n, Reduce.Function.SUM)),
                    row("ReduceMean", 18, n -> plain(n, Reduce.Function.MEAN)),
                    row("ReduceProd", 18, n -> plain(n, Reduce.Function.PROD)),
                    row("ReduceMin", 18, n -> plain(n, Reduce.Function.MIN)),
                    row("ReduceMax", 18, n -> plain(n, Reduce.Function.MAX)),
                    row(
                            "ReduceL1",
                            18,
                            n -> (x, axes) -> sum(n, n.unary(Unary.Function.ABS, x), axes)),
                    row("ReduceL2", 18, n -> (x, axes) -> n.sqrt(sum(n, n.square(x), axes))),
                    row("ReduceLogSum", 18, n -> (x, axes) -> n.log(sum(n, x, axes))),
                    row("ReduceLogSumExp", 18, n -> (x, axes) -> logSumExp(n, x, axes)),
                    row("ReduceSumSquare", 18, n -> (x, axes) -> sum(n, n.square(x), axes)),
                    OpRow.of("ArgMax", 1, n -> extreme(n, Reduce.Function.MAX)),
                    OpRow.of("ArgMin", 1, n -> extreme(n, Reduce.Function.MIN)));

    private ReduceOps() {}

    /** The axes are an operand from opset {@code operandSince} on. */
    private static OpRow row(String operator, int operandSince, Function<OnnxNode, Body> body) {
        return OpRow.of(operator, 1, n -> reduced(n, operandSince, body.apply(n)));
    }

    private static Node reduced(OnnxNode n, int operandSince, Body body) {
        Node x = n.in(0);
        Optional<List<Long>> axes =
                n.attributeOrOperand("axes", operandSince, 1).filter(a -> !a.isEmpty());
        boolean none = n.flag("noop_with_empty_axes", false) && axes.isEmpty();
        boolean keep = n.flag("keepdims", true);
        if (none) {
            return body.apply(x, List.of());
        }
        List<Integer> normal =
                axes.map(list -> list.stream().map(a -> n.axis(a, x)).toList())
                        .orElse(OnnxNode.axes(0, x.shape().rank()));
        Node y = body.apply(x, normal);
        return keep ? y : n.reshape(y, without(x.shape(), normal));
    }

    private static Shape without(Shape shape, List<Integer> axes) {
        List<Dim> dims = new ArrayList<>();
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (!axes.contains(axis)) {
                dims.add(shape.dim(axis));
            }
        }
        return new Shape(dims);
    }

    private static Body plain(OnnxNode n, Reduce.Function f) {
        return (x, axes) -> axes.isEmpty() ? x : n.reduce(f, x, axes);
    }

    private static Node sum(OnnxNode n, Node x, List<Integer> axes) {
        return axes.isEmpty() ? x : n.reduce(Reduce.Function.SUM, x, axes);
    }

    private static Node logSumExp(OnnxNode n, Node x, List<Integer> axes) {
        Node largest = n.reduce(Reduce.Function.MAX, x, axes);
        return n.add(n.log(sum(n, n.exp(n.sub(x, largest)), axes)), largest);
    }

    /**
     * The first (or last) index at which the extreme value stands: the least index among those
     * where it is reached.
     */
    private static Node extreme(OnnxNode n, Reduce.Function f) {
        Node x = n.in(0);
        int axis = n.axis(n.integer("axis", 0), x);
        boolean last = n.flag("select_last_index", false);
        boolean keep = n.flag("keepdims", true);
        int extent = n.affordable(x.shape().extent(axis));
        float[] positions = new float[extent];
        for (int i = 0; i < extent; i++) {
            positions[i] = i;
        }
        Node index =
                n.along(
                        n.constant(Tensor.f32(Shape.of(extent), positions)),
                        axis,
                        x.shape().rank());
        Node reached = n.binary(Binary.Function.EQUAL, x, n.reduce(f, x, List.of(axis)));
        Node candidates = n.select(reached, index, n.scalar(DType.F32, last ? -1 : extent));
        Reduce.Function which = last ? Reduce.Function.MAX : Reduce.Function.MIN;
        Node y = n.cast(n.reduce(which, candidates, List.of(axis)), DType.I64);
        return keep ? y : n.reshape(y, without(x.shape(), List.of(axis)));
    }
}
