package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.passes.lower.Group;
import org.cinnabar.passes.lower.Layout;

/**
 * What the readers of every value ask of its memory: the largest zero border, and which values are
 * computed straight into their place in a concatenation.
 */
final class Demands {
    /** A value's place in the concatenation that it is part of. */
    record Part(Node concat, int start) {}

    private static final int CHANNELS = 1;

    private final Map<Node, Part> parts = new IdentityHashMap<>();
    private final Map<Node, List<Integer>> before = new IdentityHashMap<>();
    private final Map<Node, List<Integer>> after = new IdentityHashMap<>();

    Demands(Graph graph, List<Group> groups) {
        Map<Node, Group> producers = new IdentityHashMap<>();
        groups.forEach(group -> producers.put(group.result(), group));
        for (Group group : groups.reversed()) {
            Node root = group.root();
            if (root.op() instanceof Concat(int axis)
                    && axis == CHANNELS
                    && root.shape().rank() == 4) {
                claimParts(root, producers);
            }
        }
        for (Group group : groups.reversed()) {
            for (Node read : group.reads()) {
                Layout layout = group.lowering().layout(group, read);
                if (layout.unitAxis() == CHANNELS) {
                    widen(read, layout.before(), layout.after());
                }
            }
            boolean wanted = before.containsKey(group.result());
            if (wanted
                    && group.root().op() instanceof Slice(int axis, _, _, _)
                    && axis == CHANNELS) {
                widen(group.root().in(0), before(group.result()), after(group.result()));
            }
        }
    }

    private void claimParts(Node concat, Map<Node, Group> producers) {
        int start = 0;
        for (int i = 0; i < concat.in().size(); i++) {
            Node operand = concat.in(i);
            int count = operand.shape().extent(CHANNELS);
            Group producer = producers.get(operand);
            boolean last = i == concat.in().size() - 1;
            boolean whole = start % Layout.LINE == 0 && (last || count % Layout.LINE == 0);
            if (whole
                    && producer != null
                    && writesAnywhere(producer)
                    && !parts.containsKey(operand)) {
                parts.put(operand, new Part(concat, start));
            }
            start += count;
        }
    }

    /**
     * Whether the group's result can be told where to go: not so if it is only another view of its
     * operand.
     */
    private static boolean writesAnywhere(Group group) {
        return !group.lowering().name().equals("move") || group.root().op() instanceof Concat;
    }

    private void widen(Node node, List<Integer> atLeastBefore, List<Integer> atLeastAfter) {
        before.merge(node, atLeastBefore, Demands::larger);
        after.merge(node, atLeastAfter, Demands::larger);
        Part part = parts.get(node);
        if (part != null) {
            widen(part.concat(), atLeastBefore, atLeastAfter);
        }
    }

    private static List<Integer> larger(List<Integer> a, List<Integer> b) {
        List<Integer> larger = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            larger.add(Math.max(a.get(i), b.get(i)));
        }
        return larger;
    }

    /** Whether some reader wants the channels of {@code node} contiguous. */
    boolean wantsChannels(Node node) {
        return before.containsKey(node);
    }

    /** Zeros wanted before each axis of {@code node}. */
    List<Integer> before(Node node) {
        return before.getOrDefault(node, Collections.nCopies(node.shape().rank(), 0));
    }

    /** Zeros wanted after each axis of {@code node}. */
    List<Integer> after(Node node) {
        return after.getOrDefault(node, Collections.nCopies(node.shape().rank(), 0));
    }

    /** Values that are computed into a concatenation. */
    Set<Node> fixed() {
        return parts.keySet();
    }

    /** The concatenation that {@code node} is computed into, if any. */
    Optional<Part> part(Node node) {
        return Optional.ofNullable(parts.get(node));
    }
}
