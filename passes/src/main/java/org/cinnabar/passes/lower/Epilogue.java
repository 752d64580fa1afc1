package org.cinnabar.passes.lower;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
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
import org.jspecify.annotations.Nullable;

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

    private static final String LOW = "low";
    private static final String HIGH = "high";

    private final Site site;
    private final Group group;
    private final List<Operand> operands = new ArrayList<>();
    private final @Nullable UsualEnd usual;

    /** The epilogue of {@code site}'s group. */
    Epilogue(Site site, int channelAxis) {
        this(site, UsualEnd.of(site.group(), channelAxis));
    }

    private Epilogue(Site site, @Nullable UsualEnd usual) {
        this.site = site;
        this.group = site.group();
        this.usual = usual;
        for (Node read : usual == null ? group.epilogueReads() : usual.reads()) {
            if (usual != null || !isScalar(read)) {
                View view = site.view(read).expanded(site.output().extents());
                operands.add(new Operand(read, view, "e" + operands.size()));
            }
        }
    }

    List<Operand> operands() {
        return operands;
    }

    /**
     * Whether it is what nearly every layer ends with: few instructions, which layers share. Other
     * ends are computed row by row where a tile would grow too large for the JIT.
     */
    boolean isUsual() {
        return usual != null;
    }

    /** Whether it reads values besides the result and constants, a residual's for instance. */
    boolean readsTensors() {
        return operands.stream().anyMatch(operand -> !operand.isConstant());
    }

    /** Whether results are stored as they are. */
    boolean isEmpty() {
        return usual != null && usual.isEmpty();
    }

    /**
     * The residual of {@code group} if its end is a usual one: a result may take its memory, as
     * each of its numbers is read only to be added to the one that is stored there, unless the root
     * reads it too.
     */
    static Optional<Node> residual(Group group, int channelAxis) {
        return Optional.ofNullable(UsualEnd.of(group, channelAxis))
                .map(UsualEnd::residual)
                .filter(residual -> !group.root().in().contains(residual));
    }

    /** Whether the outputs hold the residual until results are stored. */
    boolean isInPlace() {
        return usual != null
                && usual.residual() != null
                && site.view(usual.residual()).equals(site.output());
    }

    /** The epilogue of sums that have been added to what the outputs held, if that is one. */
    Epilogue afterResidual() {
        return usual != null && isInPlace() ? new Epilogue(site, usual.afterResidual()) : this;
    }

    /** Parameters that a tile needs for the epilogue. */
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
     * Arguments for {@link #parameters}: {@code offset} gives the place of operand i at the tile's
     * first row, {@code distance} what lies between its rows.
     */
    List<Index> arguments(IntFunction<Index> offset, IntUnaryOperator distance) {
        List<Index> arguments = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            arguments.add(offset.apply(i));
            if (!operands.get(i).isConstant()) {
                arguments.add(Index.of(distance.applyAsInt(i)));
            }
        }
        return arguments;
    }

    /** What comes before the first {@link #loads}, and before loops that it may be in. */
    List<Stmt> prologue(int lanes) {
        List<Stmt> bounds = new ArrayList<>();
        if (usual != null && usual.isRectified()) {
            bounds.add(new Stmt.Let(new Value.Local(LOW, lanes), new Value.Const(0, lanes)));
        }
        if (usual != null && usual.isClipped()) {
            Value high = new Value.Const((float) usual.high(), lanes);
            bounds.add(new Stmt.Let(new Value.Local(HIGH, lanes), high));
        }
        return bounds;
    }

    /**
     * Loads the constants of {@code vectors} vectors of channels, for {@link #apply}s in the same
     * block or within.
     */
    List<Stmt> loads(int lanes, int vectors) {
        List<Stmt> loads = new ArrayList<>();
        for (Operand operand : operands) {
            for (int v = 0; operand.isConstant() && v < vectors; v++) {
                Index at = Index.var(operand.name()).plus(v * lanes);
                loads.add(
                        new Stmt.Let(
                                constant(operand, v, lanes),
                                new Value.Load(operand.view().memory(), at, lanes)));
            }
        }
        return loads;
    }

    private static Value.Local constant(Operand operand, int vector, int lanes) {
        return new Value.Local(operand.name() + "v" + vector, lanes);
    }

    /**
     * The value to be stored for accumulator {@code sum} of tile row {@code row}, {@code vector}
     * vectors of channels from the first.
     */
    Value apply(Value sum, Index row, int vector, List<Stmt> out, String prefix) {
        if (isEmpty()) {
            return sum;
        }
        int lanes = sum.lanes();
        Map<Node, Value> leaves = new IdentityHashMap<>();
        operands.forEach(o -> leaves.put(o.node(), read(o, row, vector, lanes)));
        if (usual == null) {
            Value.Local fresh = new Value.Local(prefix + "Sum", lanes);
            out.add(new Stmt.Let(fresh, add(sum, new Value.Const(0, lanes))));
            leaves.put(group.root(), fresh);
            return new Pointwise(lanes, out, prefix, leaves::get).value(group.result());
        }
        Value result = sum;
        for (Node read : usual.reads()) {
            result = add(result, requireNonNull(leaves.get(read)));
        }
        if (usual.isRectified()) {
            Value total = operands.isEmpty() ? add(sum, new Value.Const(0, lanes)) : result;
            Value low = new Value.Local(LOW, lanes);
            result = new Value.Binary(Value.BinaryFunction.MAX_BITS, total, low);
        }
        if (usual.isClipped()) {
            Value high = new Value.Local(HIGH, lanes);
            result = new Value.Binary(Value.BinaryFunction.MIN_BITS, result, high);
        }
        return result;
    }

    private static Value add(Value a, Value b) {
        return new Value.Binary(Value.BinaryFunction.ADD, a, b);
    }

    private static Value read(Operand operand, Index row, int vector, int lanes) {
        if (operand.isConstant()) {
            return constant(operand, vector, lanes);
        }
        Index first = Index.var(operand.name()).plus(vector * lanes);
        Index index = Index.var("d" + operand.name()).times(row).plus(first);
        return new Value.Load(operand.view().memory(), index, lanes);
    }

    /** A value that is equal for epilogues that compute the same. */
    Object key(int lanes) {
        List<Stmt> out = new ArrayList<>();
        Value value = apply(new Value.Local("sum", lanes), Index.of(1), 0, out, "t");
        return List.of(prologue(lanes), out, value);
    }

    /**
     * Whether {@code node} on top of {@code value} is cheap enough for a tile: few instructions,
     * and its other operand a scalar, a constant per channel or a tensor of the same shape.
     */
    static boolean fuses(Node node, Node value, int channelAxis) {
        return isCheap(node.op()) && fits(node, value, channelAxis);
    }

    /** The same of an epilogue that passes over rows of results, which may be longer. */
    static boolean fusesByRow(Node node, Node value, int channelAxis) {
        boolean isSigmoid = node.op().equals(new Unary(Unary.Function.SIGMOID));
        return (isSigmoid || isCheap(node.op())) && fits(node, value, channelAxis);
    }

    private static boolean isCheap(Op op) {
        return switch (op) {
            case Unary(Unary.Function f) ->
                    f == Unary.Function.RELU || f == Unary.Function.NEG || f == Unary.Function.ABS;
            case Clip _ -> true;
            case Binary(Binary.Function f) ->
                    f.compareTo(Binary.Function.MAX) <= 0 && f != Binary.Function.DIV;
            default -> false;
        };
    }

    private static boolean fits(Node node, Node value, int channelAxis) {
        return depth(value) < MOST_OPS
                && node.in().stream()
                        .allMatch(
                                operand ->
                                        operand == value
                                                || isEasy(operand, node.shape(), channelAxis));
    }

    /** Whether {@code node} adds a computed number per channel to {@code value}, a bare sum. */
    static boolean addsComputedBias(Node node, Node value, int channelAxis) {
        if (!node.op().equals(new Binary(Binary.Function.ADD)) || depth(value) > 0) {
            return false;
        }
        Node bias = node.in(node.in(0) == value ? 1 : 0);
        return bias != value
                && !(bias.op() instanceof Constant)
                && isPerChannel(bias.shape(), node.shape(), channelAxis);
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

    static boolean isPerChannel(Shape constant, Shape shape, int channelAxis) {
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
