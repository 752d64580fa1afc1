package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Unary;

/**
 * What a tile does to its accumulators before it stores them: the elementwise members of a group,
 * reading constants per channel and whole tensors (a residual) at the same place. In a tile every
 * operand is an offset parameter, and a tensor's distance between neighbouring rows of the tile
 * another.
 */
final class Epilogue {
    /**
     * A tensor or per-channel constant that the epilogue reads; {@code name} is its offset
     * parameter in a tile.
     */
    record Operand(Node node, View view, String name) {
        boolean isConstant() {
            return view.memory() == Memory.WEIGHTS;
        }
    }

    private static final int MOST_OPS = 4;

    private final Group group;
    private final List<Operand> operands = new ArrayList<>();

    Epilogue(Site site) {
        this.group = site.group();
        List<Integer> extents = site.output().extents();
        for (Node read : group.epilogueReads()) {
            if (!isScalar(read)) {
                View view = site.view(read).expanded(extents);
                operands.add(new Operand(read, view, "e" + operands.size()));
            }
        }
    }

    List<Operand> operands() {
        return operands;
    }

    /** Parameters that a tile needs for the operands. */
    List<String> parameters() {
        List<String> parameters = new ArrayList<>();
        for (Operand operand : operands) {
            parameters.add(operand.name());
            if (!operand.isConstant()) {
                parameters.add("d" + operand.name());
            }
        }
        return parameters;
    }

    /**
     * The value to be stored for accumulator {@code sum} of tile row {@code row}, {@code channel}
     * channels from the first.
     */
    Value apply(Value sum, int row, int channel, List<Stmt> out, String prefix) {
        Map<Node, Value> leaves = new IdentityHashMap<>();
        leaves.put(group.root(), sum);
        for (Operand operand : operands) {
            Index index = Index.var(operand.name()).plus(channel);
            if (!operand.isConstant() && row > 0) {
                index = Index.var("d" + operand.name()).times(row).plus(index);
            }
            leaves.put(operand.node(), new Value.Load(operand.view().memory(), index, sum.lanes()));
        }
        return new Pointwise(sum.lanes(), out, prefix, leaves::get).value(group.result());
    }

    /** A value that is equal for epilogues that compute the same. */
    Object key(int lanes) {
        List<Stmt> out = new ArrayList<>();
        Value value = apply(new Value.Local("sum", lanes), 1, 0, out, "t");
        return List.of(out, value);
    }

    /**
     * Whether {@code node} on top of {@code value} is cheap enough for a tile: few instructions,
     * and its other operand a scalar, a constant per channel or a tensor of the same shape.
     */
    static boolean fuses(Node node, Node value, int channelAxis) {
        boolean cheap =
                switch (node.op()) {
                    case Unary(Unary.Function f) ->
                            f == Unary.Function.RELU
                                    || f == Unary.Function.NEG
                                    || f == Unary.Function.ABS;
                    case Clip _ -> true;
                    case Binary(Binary.Function f) ->
                            f.compareTo(Binary.Function.MAX) <= 0 && f != Binary.Function.DIV;
                    default -> false;
                };
        return cheap
                && depth(value) < MOST_OPS
                && node.in().stream()
                        .allMatch(
                                operand ->
                                        operand == value
                                                || isEasy(operand, node.shape(), channelAxis));
    }

    private static int depth(Node node) {
        int depth = 0;
        Node at = node;
        while (at.op() instanceof Unary || at.op() instanceof Clip || at.op() instanceof Binary) {
            at = at.in(0);
            depth++;
        }
        return depth;
    }

    private static boolean isEasy(Node operand, Shape shape, int channelAxis) {
        if (!(operand.op() instanceof Constant)) {
            return operand.shape().equals(shape);
        }
        return isScalar(operand) || isPerChannel(operand.shape(), shape, channelAxis);
    }

    private static boolean isPerChannel(Shape constant, Shape shape, int channelAxis) {
        int missing = shape.rank() - constant.rank();
        for (int axis = 0; axis < constant.rank(); axis++) {
            boolean channels = axis + missing == channelAxis;
            if (channels
                    ? !constant.dim(axis).equals(shape.dim(channelAxis))
                    : !constant.dim(axis).is(1)) {
                return false;
            }
        }
        return missing <= channelAxis;
    }

    private static boolean isScalar(Node node) {
        return node.op() instanceof Constant(var tensor) && tensor.count() == 1;
    }
}
