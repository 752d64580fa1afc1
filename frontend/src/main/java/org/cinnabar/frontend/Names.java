package org.cinnabar.frontend;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.cinnabar.frontend.onnx.GraphProto;
import org.cinnabar.frontend.onnx.NodeProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;
import org.cinnabar.frontend.wire.StoredTensor;

/**
 * Who makes the value of each name, and in which order the nodes that the outputs need can be
 * imported.
 */
final class Names {
    private final GraphProto graph;
    private final List<Diagnostic> diagnostics;
    private final Map<String, ValueInfoProto> inputs = new HashMap<>();
    private final Map<String, StoredTensor> initializers = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();

    /** Reports names that are defined twice. */
    Names(GraphProto graph, List<StoredTensor> tensors, List<Diagnostic> diagnostics) {
        this.graph = graph;
        this.diagnostics = diagnostics;
        Map<String, String> definitions = new HashMap<>();
        for (StoredTensor tensor : tensors) {
            define(definitions, tensor.name(), "an initializer");
            initializers.put(tensor.name(), tensor);
        }
        for (ValueInfoProto input : graph.getInputList()) {
            if (!initializers.containsKey(input.getName())) {
                define(definitions, input.getName(), "an input");
            }
            inputs.put(input.getName(), input);
        }
        for (NodeProto node : graph.getNodeList()) {
            for (String output : node.getOutputList()) {
                if (!output.isEmpty()) {
                    define(definitions, output, "node " + of(node) + " (" + node.getOpType() + ")");
                    producers.put(output, node);
                }
            }
        }
    }

    private void define(Map<String, String> definitions, String name, String by) {
        String other = definitions.putIfAbsent(name, by);
        if (other != null) {
            diagnostics.add(
                    Diagnostic.error(
                            "value " + name,
                            "one definition",
                            other + " and " + by,
                            "rename one of them"));
        }
    }

    /** What the user knows a node by: its name, or else its first output. */
    static String of(NodeProto node) {
        return node.getName().isEmpty() && node.getOutputCount() > 0
                ? node.getOutput(0)
                : node.getName();
    }

    /** Inputs that the caller has to supply: those without an initializer. */
    List<ValueInfoProto> suppliedInputs() {
        return graph.getInputList().stream()
                .filter(input -> !initializers.containsKey(input.getName()))
                .toList();
    }

    Optional<StoredTensor> initializer(String name) {
        return Optional.ofNullable(initializers.get(name));
    }

    Optional<NodeProto> producer(String name) {
        return Optional.ofNullable(producers.get(name));
    }

    boolean isInput(String name) {
        return inputs.containsKey(name);
    }

    boolean isSparse(String name) {
        return graph.getSparseInitializerList().stream()
                .anyMatch(sparse -> sparse.getValues().getName().equals(name));
    }

    /** The nodes the outputs need, producers before users; reports undefined names and cycles. */
    List<NodeProto> order() {
        SequencedSet<NodeKey> done = new LinkedHashSet<>();
        Visit visit = new Visit(done);
        for (ValueInfoProto output : graph.getOutputList()) {
            if (isUndefined(output.getName())) {
                undefined(output.getName(), "output " + output.getName());
            } else {
                producer(output.getName()).ifPresent(visit::from);
            }
        }
        return done.stream().map(NodeKey::node).toList();
    }

    private boolean isUndefined(String name) {
        return !inputs.containsKey(name)
                && !initializers.containsKey(name)
                && !producers.containsKey(name);
    }

    private void undefined(String name, String user) {
        diagnostics.add(
                Diagnostic.error(
                        user,
                        "a value '" + name + "' from an input, an initializer or a node",
                        isSparse(name) ? "a sparse initializer" : "no definition of it",
                        "export the model again"));
    }

    /** A node as itself: equal messages are different nodes. */
    private record NodeKey(NodeProto node) {
        @Override
        public boolean equals(Object other) {
            return other instanceof NodeKey(NodeProto that) && node == that;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(node);
        }
    }

    /** Depth first without recursion: a node is finished when everything it reads is. */
    private final class Visit {
        private record Frame(NodeKey key, int[] next) {}

        private final SequencedSet<NodeKey> done;
        private final SequencedSet<NodeKey> open = new LinkedHashSet<>();
        private final Deque<Frame> stack = new ArrayDeque<>();

        Visit(SequencedSet<NodeKey> done) {
            this.done = done;
        }

        void from(NodeProto root) {
            push(new NodeKey(root));
            while (!stack.isEmpty()) {
                Frame top = stack.peek();
                NodeProto node = top.key().node();
                int next = top.next()[0]++;
                if (next == node.getInputCount()) {
                    stack.pop();
                    open.remove(top.key());
                    done.add(top.key());
                    continue;
                }
                String name = node.getInput(next);
                if (!name.isEmpty() && isUndefined(name)) {
                    undefined(name, "node " + of(node) + " (" + node.getOpType() + ")");
                } else {
                    producer(name).map(NodeKey::new).ifPresent(this::push);
                }
            }
        }

        private void push(NodeKey key) {
            if (open.contains(key)) {
                cycle(key);
            } else if (!done.contains(key)) {
                open.add(key);
                stack.push(new Frame(key, new int[1]));
            }
        }

        private void cycle(NodeKey start) {
            List<String> names = new ArrayList<>();
            boolean inside = false;
            for (NodeKey key : open) {
                inside |= key.equals(start);
                if (inside) {
                    names.add(of(key.node()));
                }
            }
            names.add(of(start.node()));
            diagnostics.add(
                    Diagnostic.error(
                            "graph",
                            "no cycle",
                            String.join(" <- ", names),
                            "export the model again"));
        }
    }
}
