package org.cinnabar.passes.lower;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Weight;

/**
 * Nodes computed together by one lowering: {@code root} is what the lowering is about, the other
 * members are elementwise ops on top of it, and only {@code result} is seen outside.
 */
public record Group(Decision decision, Node root, Node result, Set<Node> members) {
    public Group {
        members = Set.copyOf(members);
    }

    /** A group of one node. */
    static Group of(Decision decision, Node node) {
        return new Group(decision, node, node, Set.of(node));
    }

    /** What computes it. */
    public Lowering lowering() {
        return decision.lowering();
    }

    /**
     * Values read from outside, each once, the root's own operands first; weights are not among
     * them, they are packed.
     */
    public List<Node> reads() {
        Set<Node> reads = new LinkedHashSet<>();
        collect(root, reads);
        collect(result, reads);
        return List.copyOf(reads);
    }

    /** Values that members other than the root read from outside, each once. */
    public List<Node> epilogueReads() {
        Set<Node> reads = new LinkedHashSet<>();
        if (result != root) {
            collect(result, reads);
        }
        return List.copyOf(reads);
    }

    private void collect(Node node, Set<Node> reads) {
        for (Node operand : node.in()) {
            if (members.contains(operand)) {
                if (operand != root) {
                    collect(operand, reads);
                }
            } else if (!(operand.op() instanceof Weight)) {
                reads.add(operand);
            }
        }
    }

    /** How diagnostics and reports call this group. */
    public String label() {
        return label(root);
    }

    /** How diagnostics, reports and options call the group about {@code root}. */
    static String label(Node root) {
        String name = root.origin().node();
        return name.isEmpty() ? root.op().getClass().getSimpleName() : name;
    }
}
