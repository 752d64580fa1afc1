package org.cinnabar.passes.lower;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Weight;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a canonical graph into groups: every op chooses its lowering, and elementwise ops join the
 * group whose result they alone use, as long as its lowering can compute them on the way.
 */
public final class Fusion {
    private final Graph graph;
    private final Choices choices;
    private final Map<Node, List<Node>> users;
    private final Map<Node, Group> byResult = new IdentityHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private Fusion(Graph graph, Selection selection) {
        this.graph = graph;
        this.choices = new Choices(selection, graph);
        problems.addAll(selection.problems(graph));
        this.users = graph.users();
    }

    /**
     * The groups of {@code graph}, each after those whose results it reads, with the lowerings that
     * {@code selection} chooses.
     *
     * @throws LoweringException if no lowering computes some node, naming all such nodes, or a
     *     request cannot be met
     */
    public static List<Group> groups(Graph graph, Selection selection) {
        return new Fusion(graph, selection).run();
    }

    private List<Group> run() {
        for (Node node : graph.nodes()) {
            if (node.op() instanceof Input
                    || node.op() instanceof Constant
                    || node.op() instanceof Weight) {
                continue;
            }
            Group group = join(node);
            if (group != null) {
                byResult.put(node, group);
            }
        }
        if (!problems.isEmpty()) {
            throw new LoweringException(problems);
        }
        return graph.nodes().stream().filter(byResult::containsKey).map(byResult::get).toList();
    }

    /** The group that ends in {@code node}; the groups that it swallows are no longer there. */
    private @Nullable Group join(Node node) {
        Decision own = choices.of(node).orElse(null);
        if (own == null || node.type().dtype() == DType.F64) {
            problems.add(
                    node.origin()
                            + ": no code can be generated for "
                            + node.op()
                            + " of "
                            + node.in().stream().map(in -> in.type().toString()).toList());
            return null;
        }
        if (!(node.op() instanceof Elementwise)) {
            List<Group> absorbed =
                    node.in().stream()
                            .distinct()
                            .filter(operand -> isUsedOnce(operand, node))
                            .map(byResult::get)
                            .filter(group -> own.lowering().absorbs(node, group))
                            .toList();
            return merged(own, node, node, absorbed);
        }
        List<Group> open =
                node.in().stream()
                        .distinct()
                        .filter(operand -> isOpen(operand, node))
                        .map(byResult::get)
                        .filter(group -> group.lowering().fuses(node, group.result()))
                        .toList();
        Group heavy =
                open.stream()
                        .filter(group -> !(group.root().op() instanceof Elementwise))
                        .reduce((_, last) -> last)
                        .orElse(null);
        if (heavy != null) {
            return merged(heavy.decision(), heavy.root(), node, List.of(heavy));
        }
        Group elementwise = merged(own, node, node, open);
        return around(elementwise)
                .map(base -> merged(base.decision(), base.root(), node, List.of(base, elementwise)))
                .orElse(elementwise);
    }

    /**
     * The group of another kind whose result only {@code elementwise} uses, several times: {@code
     * x} where that is {@code x * sigmoid(x)}.
     */
    private Optional<Group> around(Group elementwise) {
        return elementwise.reads().stream()
                .filter(read -> isOpen(read, elementwise.members()))
                .filter(read -> read.shape().equals(elementwise.result().shape()))
                .map(byResult::get)
                .filter(group -> !(group.root().op() instanceof Elementwise))
                .filter(group -> fusesAll(group, elementwise.members()))
                .findFirst();
    }

    private static boolean fusesAll(Group group, Set<Node> members) {
        return members.stream()
                .allMatch(
                        member ->
                                member.in().stream()
                                        .filter(in -> in == group.result() || members.contains(in))
                                        .findFirst()
                                        .filter(in -> group.lowering().fuses(member, in))
                                        .isPresent());
    }

    private boolean isOpen(Node operand, Node user) {
        return isUsedOnce(operand, user) && operand.shape().equals(user.shape());
    }

    private boolean isUsedOnce(Node operand, Node user) {
        return isOpen(operand, Set.of(user));
    }

    /** Whether {@code operand} is computed here and used by none but {@code group}. */
    private boolean isOpen(Node operand, Set<Node> group) {
        return byResult.containsKey(operand)
                && group.containsAll(requireNonNull(users.get(operand)))
                && !graph.isOutput(operand);
    }

    private Group merged(Decision decision, Node root, Node result, List<Group> parts) {
        Set<Node> members = new LinkedHashSet<>(Set.of(result));
        for (Group part : parts) {
            members.addAll(part.members());
            byResult.remove(part.result());
        }
        return new Group(decision, root, result, members);
    }
}
