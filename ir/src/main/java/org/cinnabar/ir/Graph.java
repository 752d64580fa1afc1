package org.cinnabar.ir;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cinnabar.ir.op.Input;

/**
 * A network: named inputs, and named outputs from which every other node is reached. Immutable;
 * passes build a new one. Inputs are listed even when nothing uses them, for they are part of the
 * model's signature.
 */
public record Graph(String name, List<Node> inputs, List<Output> outputs) {
    /** One named result. */
    public record Output(String name, Node node) {}

    public Graph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        Set<String> names = new HashSet<>();
        for (Node input : inputs) {
            if (!(input.op() instanceof Input(String inputName, _))) {
                throw new IllegalArgumentException(
                        "graph " + name + ": " + input + " is not an input");
            }
            if (!names.add(inputName)) {
                throw new IllegalArgumentException(
                        "graph " + name + ": two inputs named " + inputName);
            }
        }
        Set<String> results = new HashSet<>();
        for (Output output : outputs) {
            if (!results.add(output.name())) {
                throw new IllegalArgumentException(
                        "graph " + name + ": two outputs named " + output.name());
            }
        }
    }

    /** Every node once, operands before users, in a stable order. */
    public List<Node> nodes() {
        List<Node> order = new ArrayList<>();
        Set<Node> seen = new HashSet<>();
        for (Node input : inputs) {
            visit(input, seen, order);
        }
        for (Output output : outputs) {
            visit(output.node(), seen, order);
        }
        return order;
    }

    /** Users of every node; an output counts as one use without appearing in the list. */
    public Map<Node, List<Node>> users() {
        Map<Node, List<Node>> users = new IdentityHashMap<>();
        for (Node node : nodes()) {
            users.computeIfAbsent(node, _ -> new ArrayList<>());
            for (Node operand : node.in()) {
                users.computeIfAbsent(operand, _ -> new ArrayList<>()).add(node);
            }
        }
        return users;
    }

    /** Whether {@code node} is one of the results. */
    public boolean isOutput(Node node) {
        return outputs.stream().anyMatch(output -> output.node() == node);
    }

    /** Post-order without recursion: real networks are thousands of nodes deep. */
    private static void visit(Node root, Set<Node> seen, List<Node> order) {
        record Frame(Node node, int[] next) {}
        Deque<Frame> stack = new ArrayDeque<>();
        if (seen.add(root)) {
            stack.push(new Frame(root, new int[1]));
        }
        while (!stack.isEmpty()) {
            Frame top = stack.peek();
            int next = top.next()[0]++;
            if (next == top.node().in().size()) {
                order.add(stack.pop().node());
            } else if (seen.add(top.node().in(next))) {
                stack.push(new Frame(top.node().in(next), new int[1]));
            }
        }
    }
}
