package org.cinnabar.passes.lower;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Constant;
import org.jspecify.annotations.Nullable;

/**
 * Decides which layers are computed together, as a {@link Chain}: those between which so many
 * numbers go that they leave the second-level cache, and take longer there and back than it takes
 * to begin the layers for every band.
 */
public final class Chains {
    /** Bands of more layers overlap too much. */
    private static final int MOST_LAYERS = 4;

    /** So many tasks leave two threads about as much to do, even if they are not even. */
    private static final int MANY_TASKS = 16;

    /** Beginning and ending a layer's part of a band. */
    private static final double BEGIN_SECONDS = 0.1e-6;

    /** What leaves the cache was fetched to be overwritten, is stored, and is fetched again. */
    private static final int TRIPS = 3;

    private final Graph graph;
    private final Set<Node> fixed;
    private final Machine machine;
    private final Map<Node, List<Node>> users;
    private final Map<Node, Group> byRoot;

    private Chains(Graph graph, List<Group> groups, Set<Node> fixed, Machine machine) {
        this.graph = graph;
        this.fixed = fixed;
        this.machine = machine;
        this.users = graph.users();
        this.byRoot = groups.stream().collect(Collectors.toMap(Group::root, Function.identity()));
    }

    /**
     * {@code groups}, each in one chain, in the order of the chains' last groups.
     *
     * @param fixed values that lie where others decide, in a concatenation for instance
     */
    public static List<Chain> of(
            Graph graph, List<Group> groups, Set<Node> fixed, Selection selection) {
        Chains chains = new Chains(graph, groups, fixed, selection.machine());
        Map<Node, Chain> byResult = new IdentityHashMap<>();
        for (Group group : groups) {
            if (!byResult.containsKey(group.result())) {
                for (Chain chain : chains.cut(chains.line(group))) {
                    chain.groups().forEach(member -> byResult.put(member.result(), chain));
                }
            }
        }
        return groups.stream()
                .filter(group -> chain(byResult, group).last() == group)
                .map(group -> chain(byResult, group))
                .toList();
    }

    private static Chain chain(Map<Node, Chain> byResult, Group group) {
        return requireNonNull(byResult.get(group.result()));
    }

    /** {@code first} and the groups that could go on with it, each the only reader of the last. */
    private List<Group> line(Group first) {
        List<Group> line = new ArrayList<>();
        for (Group group = first; group != null; group = reader(group)) {
            line.add(group);
        }
        return line;
    }

    private @Nullable Group reader(Group group) {
        Node result = group.result();
        List<Node> readers = requireNonNull(users.get(result));
        if (!isBanded(group)
                || readers.size() != 1
                || graph.isOutput(result)
                || fixed.contains(result)) {
            return null;
        }
        Group reader = byRoot.get(readers.getFirst());
        boolean goesOn =
                reader != null
                        && isBanded(reader)
                        && reader.root().in().indexOf(result) == 0
                        && reader.root().in().lastIndexOf(result) == 0;
        return goesOn ? reader : null;
    }

    /** Whether {@code group} can be computed band by band. */
    private static boolean isBanded(Group group) {
        return group.lowering().rows(group.root()).isPresent()
                && group.epilogueReads().stream()
                        .allMatch(
                                read ->
                                        read.op() instanceof Constant
                                                || read != group.root().in(0)
                                                        && Chain.isMap(read, group));
    }

    /** {@code line} cut into chains so that what they take in excess is least. */
    private List<Chain> cut(List<Group> line) {
        int count = line.size();
        double[] least = new double[count + 1];
        Arrays.fill(least, 1, count + 1, Double.POSITIVE_INFINITY);
        Chain[] endingAt = new Chain[count + 1];
        for (int to = 1; to <= count; to++) {
            for (int from = Math.max(0, to - MOST_LAYERS); from < to; from++) {
                Chain chain = best(line.subList(from, to));
                double handed =
                        from == 0
                                ? 0
                                : handing(bytes(line.get(from - 1)), bytes(line.get(from - 1)));
                double excess = least[from] + handed + excess(chain);
                if (excess < least[to]) {
                    least[to] = excess;
                    endingAt[to] = chain;
                }
            }
        }
        List<Chain> chains = new ArrayList<>();
        for (int to = count; to > 0; to -= chains.getFirst().groups().size()) {
            chains.addFirst(requireNonNull(endingAt[to]));
        }
        return chains;
    }

    /** {@code groups} in the best bands. */
    private Chain best(List<Group> groups) {
        Chain best = new Chain(groups, 1);
        int all = groups.size() == 1 ? 1 : groups.getLast().result().shape().extent(Chain.ROW);
        for (int rows = 1; rows < all; rows++) {
            Chain chain = new Chain(groups, rows);
            if (excess(chain) < excess(best)) {
                best = chain;
            }
        }
        return best;
    }

    /** Seconds that {@code chain} takes besides those of its layers. */
    private double excess(Chain chain) {
        if (chain.isSingle()) {
            return 0;
        }
        if (!chain.isPossible() || chain.tasks() < MANY_TASKS && chain.tasks() % 2 != 0) {
            return Double.POSITIVE_INFINITY;
        }
        double held = (double) chain.numbers() * Float.BYTES;
        for (Group group : chain.groups()) {
            held += group.lowering().work(group.root()).weightBytes();
        }
        double excess = chain.tasks() * chain.groups().size() * BEGIN_SECONDS;
        for (Group group : chain.groups().subList(0, chain.groups().size() - 1)) {
            excess += seconds(group) / chain.bands() + handing(bytes(group), held);
        }
        return excess;
    }

    /** Seconds to hand on {@code bytes} of {@code all} that are in use. */
    private double handing(double bytes, double all) {
        return TRIPS * bytes * Machine.missing(all, machine.nearCache()) / machine.cacheBytes();
    }

    private static double bytes(Group group) {
        return (double) group.result().shape().count() * Float.BYTES;
    }

    private static double seconds(Group group) {
        return group.decision().candidates().stream()
                .filter(candidate -> candidate.lowering() == group.lowering())
                .mapToDouble(candidate -> candidate.measured().orElse(candidate.predicted()))
                .findFirst()
                .orElse(Double.POSITIVE_INFINITY);
    }
}
