package org.cinnabar.passes.gradients;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Movement;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Weight;
import org.jspecify.annotations.Nullable;

/** Derivatives of a scalar by reverse accumulation. */
public final class Gradients {
    /** Ends the names of nodes that pass a gradient through a node. */
    public static final String GRADIENT = "'";

    private final GraphBuilder builder;
    private final Map<Node, Pullback> given;
    private final Map<Node, Node> gradients = new HashMap<>();
    private final Rows rows;

    private Gradients(GraphBuilder builder, Map<Node, Pullback> given) {
        this.builder = builder;
        this.given = given;
        this.rows = new Rows(builder);
    }

    /**
     * The gradient of {@code loss} for each of {@code parameters}, of that node's type: zeros where
     * the loss does not depend on it. Where a function has a corner, one of its one-sided
     * derivatives is taken: the relu of 0 has 0, a maximum has that of the first of equals.
     *
     * @param given pullbacks that replace those of the ops of some nodes
     * @throws IllegalArgumentException if the loss is no floating scalar, or for an op on the way
     *     that has no gradient
     */
    public static List<Node> of(
            Node loss, List<Node> parameters, Map<Node, Pullback> given, GraphBuilder builder) {
        if (!loss.type().dtype().isFloating() || !loss.shape().size().is(1)) {
            throw new IllegalArgumentException("gradients need a scalar loss, got " + loss);
        }
        Gradients gradients = new Gradients(builder, given);
        gradients.run(loss, parameters);
        return parameters.stream().map(gradients::result).toList();
    }

    /** As {@link #of(Node, List, Map, GraphBuilder)} with every op's own pullback. */
    public static List<Node> of(Node loss, List<Node> parameters, GraphBuilder builder) {
        return of(loss, parameters, Map.of(), builder);
    }

    private Node result(Node parameter) {
        Node gradient = gradients.get(parameter);
        return gradient != null ? gradient : rows.expand(builder.constant(0), parameter.shape());
    }

    private void run(Node loss, List<Node> parameters) {
        List<Node> order = order(loss);
        Set<Node> active = new HashSet<>(parameters);
        for (Node node : order) {
            if (targets(node).stream().anyMatch(active::contains)) {
                active.add(node);
            }
        }
        gradients.put(loss, builder.constant(Tensor.f32(loss.shape(), 1)));
        for (Node node : order.reversed()) {
            Node gradient = gradients.get(node);
            if (gradient != null && active.contains(node)) {
                builder.at(origin(node));
                pull(node, gradient, active);
            }
        }
    }

    private static Origin origin(Node node) {
        Origin own = node.origin();
        return own.node().isEmpty() ? own : new Origin(own.node() + GRADIENT, own.operator());
    }

    private void pull(Node node, Node gradient, Set<Node> active) {
        Pullback own = given.get(node);
        List<Node> targets = targets(node);
        List<Node> pulled = own == null ? null : own.pull().apply(gradient);
        for (int i = 0; i < targets.size(); i++) {
            if (!active.contains(targets.get(i))) {
                continue;
            }
            Node part = pulled == null ? row(node, i, gradient) : pulled.get(i);
            if (part != null) {
                add(targets.get(i), part);
            }
        }
    }

    private void add(Node target, Node part) {
        if (!part.shape().equals(target.shape())) {
            throw new IllegalStateException("gradient " + part.type() + " of " + target);
        }
        gradients.merge(target, part, (a, b) -> rows.binary(Binary.Function.ADD, a, b));
    }

    /** What of {@code gradient} reaches operand {@code i}; null if nothing does. */
    private @Nullable Node row(Node node, int i, Node gradient) {
        if (!node.in(i).type().dtype().isFloating()) {
            return null;
        }
        Op op = node.op();
        return switch (op) {
            case Elementwise _ -> rows.elementwise().pull(node, i, gradient);
            case Contraction _ -> rows.contractions().pull(node, i, gradient);
            case Gather _, ScatterAdd _, Movement _ -> rows.movements().pull(node, i, gradient);
            case Reduce _, Pool _, BatchNorm _ -> rows.reductions().pull(node, i, gradient);
            case MaxUnpool _ ->
                    throw new IllegalArgumentException(node + " has no gradient of its own");
            case Input _, Constant _, Weight _ -> null;
        };
    }

    private List<Node> targets(Node node) {
        Pullback own = given.get(node);
        return own != null ? own.to() : node.in();
    }

    /**
     * Everything that {@code root} depends on, each node after those that it passes gradients to.
     */
    private List<Node> order(Node root) {
        record Visit(Node node, boolean done) {}
        List<Node> order = new ArrayList<>();
        Set<Node> seen = new HashSet<>();
        Deque<Visit> stack = new ArrayDeque<>(List.of(new Visit(root, false)));
        while (!stack.isEmpty()) {
            Visit visit = stack.pop();
            if (visit.done()) {
                order.add(visit.node());
            } else if (seen.add(visit.node())) {
                stack.push(new Visit(visit.node(), true));
                targets(visit.node()).forEach(node -> stack.push(new Visit(node, false)));
            }
        }
        return order;
    }
}
