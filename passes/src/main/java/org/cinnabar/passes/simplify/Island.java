package org.cinnabar.passes.simplify;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.rewrite.Substitution;

/**
 * A connected part of a graph whose ops do not mind the order of axes, next to a transpose by p. To
 * turn it round is to compute, in place of each member v, the v' with {@code v = transpose(v', p)}:
 * values that enter are transposed by p⁻¹, values that leave by p, which cancels the transposes
 * that stood there.
 */
record Island(List<Integer> permutation, Set<Node> members) {
    /** The largest island next to {@code seed}; it may be empty. */
    static Island around(Node seed, Map<Node, List<Node>> users) {
        List<Integer> permutation = ((Transpose) seed.op()).permutation();
        Set<Node> members = new LinkedHashSet<>();
        Deque<Node> pending = new ArrayDeque<>(users.get(seed));
        while (!pending.isEmpty()) {
            Node node = pending.pop();
            if (canTurn(node, permutation) && members.add(node)) {
                pending.addAll(node.in());
                pending.addAll(users.get(node));
            }
        }
        return new Island(permutation, members);
    }

    /** Whether {@code op(transpose(x, p), ...)} is the transpose by p of some op on x. */
    private static boolean canTurn(Node node, List<Integer> p) {
        int rank = p.size();
        if (node.shape().rank() != rank) {
            return false;
        }
        return switch (node.op()) {
            case Elementwise _ ->
                    node.in().stream().allMatch(x -> x.shape().rank() == rank || broadcasts(x))
                            && !node.in().stream().allMatch(Constants::isConstant);
            case Linear _ -> rank > 2 && p.getLast() == 1 && node.in(1).op() instanceof Weight;
            case Concat _, Slice _, Pad _, Reduce _ -> true;
            case Expand _ -> node.in(0).shape().rank() == rank;
            case Input _, Constant _, Weight _, BatchNorm _, Pool _, Conv _, MatMul _ -> false;
            case Correlate _, MaxUnpool _, ScatterAdd _ -> false;
            case Reshape _, Transpose _, Gather _ -> false;
        };
    }

    /** Whether {@code x} is brought to any axis order for nothing. */
    private static boolean broadcasts(Node x) {
        return Constants.isConstant(x) || x.shape().size().is(1);
    }

    private List<Integer> inverse() {
        return IntStream.range(0, permutation.size()).mapToObj(permutation::indexOf).toList();
    }

    /** {@code graph} with this island turned round, transposes still standing in pairs. */
    Graph turned(Graph graph) {
        GraphBuilder builder = new GraphBuilder();
        Map<Node, Node> turned = new HashMap<>();
        Substitution substitution = new Substitution();
        for (Node node : graph.nodes()) {
            if (members.contains(node)) {
                builder.at(node.origin());
                List<Node> in = new ArrayList<>();
                for (Node operand : node.in()) {
                    Node inside = turned.get(operand);
                    in.add(inside != null ? inside : entered(operand, builder));
                }
                Node inside = builder.node(turned(node.op()), in);
                turned.put(node, inside);
                substitution.bind(node, builder.node(new Transpose(permutation), inside));
            }
        }
        return substitution.apply(graph);
    }

    /** {@code operand} in the axis order of the island turned round. */
    private Node entered(Node operand, GraphBuilder builder) {
        if (operand.op() instanceof Weight || operand.shape().size().is(1)) {
            return operand;
        }
        Transpose back = new Transpose(inverse());
        if (operand.op() instanceof Constant(Tensor value)) {
            List<Dim> ones =
                    Collections.nCopies(permutation.size() - value.shape().rank(), Dim.of(1));
            Shape whole =
                    new Shape(Stream.concat(ones.stream(), value.shape().dims().stream()).toList());
            return builder.constant(Constants.evaluate(back, List.of(value.reshaped(whole))));
        }
        return builder.node(back, operand);
    }

    /** What an op becomes when axis i of its operands and result is axis {@code p[i]}. */
    private Op turned(Op op) {
        return switch (op) {
            case Elementwise _ -> op;
            case Linear _ -> new Conv(pointwise(permutation.size() - 2), 1);
            case Concat(int axis) -> new Concat(turned(axis));
            case Slice(int axis, Dim start, long step, Dim count) ->
                    new Slice(turned(axis), start, step, count);
            case Reduce(var f, var axes) -> new Reduce(f, axes.stream().map(this::turned).toList());
            case Pad(var begin, var end, var mode, double value) ->
                    new Pad(turned(begin), turned(end), mode, value);
            case Expand(Shape shape) -> new Expand(new Shape(turned(shape.dims())));
            case Input _, Constant _, Weight _, BatchNorm _, Pool _, Conv _, MatMul _ ->
                    throw new AssertionError(op);
            case Correlate _, MaxUnpool _, ScatterAdd _ -> throw new AssertionError(op);
            case Reshape _, Transpose _, Gather _ -> throw new AssertionError(op);
        };
    }

    private int turned(int axis) {
        return permutation.get(Operands.axis("island", axis, permutation.size()));
    }

    private <T> List<T> turned(List<T> perAxis) {
        return inverse().stream().map(perAxis::get).toList();
    }

    private static Window pointwise(int rank) {
        List<Integer> ones = Collections.nCopies(rank, 1);
        List<Integer> zeros = Collections.nCopies(rank, 0);
        return new Window(ones, ones, zeros, zeros, ones);
    }
}
