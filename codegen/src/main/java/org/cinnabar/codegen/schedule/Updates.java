package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Input;
import org.cinnabar.passes.lower.Copies;
import org.cinnabar.passes.lower.Group;
import org.jspecify.annotations.Nullable;

/**
 * Outputs that are the next values of inputs: their groups run last, and overwrite the inputs where
 * nothing reads those any more.
 */
final class Updates {
    private final Map<Node, Node> inputs = new HashMap<>();
    private final Set<Node> kept = new LinkedHashSet<>();
    private final Map<Node, Node> sources = new HashMap<>();
    private final List<Group> order = new ArrayList<>();
    private final Map<Node, Node> overwritten = new HashMap<>();

    /**
     * @param state names of inputs by those of the outputs that replace them
     * @throws IllegalArgumentException if there are no such inputs and outputs of equal types
     */
    Updates(Graph graph, List<Group> groups, Map<String, String> state) {
        Map<String, Node> byName = new HashMap<>();
        graph.inputs().forEach(input -> byName.put(((Input) input.op()).name(), input));
        Map<String, Node> results = new HashMap<>();
        graph.outputs().forEach(output -> results.put(output.name(), output.node()));
        state.forEach((output, input) -> connect(output, results.get(output), byName.get(input)));
        for (Node node : graph.nodes()) {
            boolean view = Copies.isView(node);
            sources.put(node, view ? sources.getOrDefault(node.in(0), node.in(0)) : node);
        }
        sort(groups);
        if (!state.isEmpty()) {
            sink();
        }
        for (int i = 0; i < order.size(); i++) {
            Group group = order.get(i);
            Node input = inputs.get(group.result());
            if (input != null
                    && group.root().op() instanceof Elementwise
                    && group.reads().stream().allMatch(read -> read == input || !isOf(input, read))
                    && order.subList(i + 1, order.size()).stream()
                            .flatMap(later -> later.reads().stream())
                            .noneMatch(read -> isOf(input, read))) {
                overwritten.put(group.result(), input);
            }
        }
    }

    private void connect(String name, @Nullable Node output, @Nullable Node input) {
        if (output == null || input == null || !output.type().equals(input.type())) {
            throw new IllegalArgumentException(
                    "output " + name + " is " + output + ", the input it replaces " + input);
        }
        kept.add(input);
        if (output != input && inputs.put(output, input) != null) {
            throw new IllegalArgumentException("output " + name + " replaces two inputs");
        }
    }

    /** Groups of updates, and those that read their results, move behind all others. */
    private void sort(List<Group> groups) {
        Set<Node> late = new HashSet<>();
        List<Group> last = new ArrayList<>();
        for (Group group : groups) {
            boolean isLate =
                    inputs.containsKey(group.result())
                            || group.reads().stream().anyMatch(late::contains);
            if (isLate) {
                late.add(group.result());
            }
            (isLate ? last : order).add(group);
        }
        order.addAll(last);
    }

    /**
     * Elementwise groups move down to the first group that reads them, where all that they read is
     * kept until then in any case: what is computed again in a backward pass does not wait for it.
     */
    private void sink() {
        Map<Node, Integer> lastReads = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            for (Node read : order.get(i).reads()) {
                lastReads.put(source(read), i);
            }
        }
        List<Group> sunk = new ArrayList<>();
        Map<Integer, List<Group>> before = new HashMap<>();
        Map<Node, Integer> firstReads = new HashMap<>();
        for (int i = order.size() - 1; i >= 0; i--) {
            Group group = order.get(i);
            int first = firstReads.getOrDefault(group.result(), i);
            boolean isKept =
                    group.root().op() instanceof Elementwise
                            && group.reads().stream()
                                    .allMatch(
                                            read ->
                                                    read.op() instanceof Constant
                                                            || lastReads.getOrDefault(
                                                                            source(read), -1)
                                                                    >= first);
            int at = isKept ? first : i;
            for (Node read : group.reads()) {
                firstReads.merge(read, at, Math::min);
            }
            before.computeIfAbsent(at, _ -> new ArrayList<>()).add(group);
        }
        for (int i = 0; i < order.size(); i++) {
            sunk.addAll(before.getOrDefault(i, List.of()).reversed());
        }
        order.clear();
        order.addAll(sunk);
    }

    private Node source(Node node) {
        return sources.getOrDefault(node, node);
    }

    private boolean isOf(Node input, Node read) {
        return sources.get(read) == input;
    }

    /** All groups, each after those whose results it reads. */
    List<Group> order() {
        return order;
    }

    /** The input whose next value {@code output} is. */
    Optional<Node> input(Node output) {
        return Optional.ofNullable(inputs.get(output));
    }

    /** The input whose memory {@code result} may take. */
    Optional<Node> overwritten(Node result) {
        return Optional.ofNullable(overwritten.get(result));
    }

    /** All inputs whose memory outlives a run. */
    Set<Node> kept() {
        return kept;
    }
}
