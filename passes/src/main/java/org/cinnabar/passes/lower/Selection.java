package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;

/**
 * Which lowering computes each root op, among those that accept it.
 *
 * @param requests what the user decided; where several speak of a node, the last one counts
 */
public record Selection(List<Request> requests) {
    /** Nothing requested. */
    public static final Selection DEFAULT = new Selection(List.of());

    public Selection {
        requests = List.copyOf(requests);
    }

    /** This with one more request. */
    public Selection with(Request request) {
        List<Request> all = new ArrayList<>(requests);
        all.add(request);
        return new Selection(all);
    }

    /** The lowering for {@code root}; empty if none accepts it. */
    Optional<Lowering> of(Node root) {
        List<Lowering> candidates = Lowerings.accepting(root).toList();
        for (Request request : requests.reversed()) {
            if (request.speaksOf(Group.label(root))) {
                Optional<Lowering> wanted =
                        candidates.stream()
                                .filter(c -> c.name().equals(request.lowering()))
                                .findFirst();
                if (wanted.isPresent()) {
                    return wanted;
                }
            }
        }
        return FourierCost.best(root, candidates.stream())
                .or(() -> candidates.stream().findFirst());
    }

    /** Requests for single nodes that {@code graph} cannot meet, in words. */
    List<String> problems(Graph graph) {
        List<String> problems = new ArrayList<>();
        for (Request request : requests) {
            if (!request.isPattern()) {
                List<Node> nodes =
                        graph.nodes().stream()
                                .filter(node -> request.speaksOf(Group.label(node)))
                                .toList();
                if (nodes.isEmpty()) {
                    problems.add(
                            "--lowering %s: expected the name of a node, got '%s'; inspect --canonical lists them"
                                    .formatted(request, request.node()));
                } else if (nodes.stream().noneMatch(request::isMetBy)) {
                    problems.add(
                            "--lowering %s: %s cannot be computed by %s, only by %s"
                                    .formatted(
                                            request,
                                            nodes.getFirst().origin(),
                                            request.lowering(),
                                            nodes.stream()
                                                    .flatMap(Lowerings::accepting)
                                                    .map(Lowering::name)
                                                    .distinct()
                                                    .toList()));
                }
            }
        }
        return problems;
    }

    /**
     * A lowering wished for nodes.
     *
     * @param node the name of a node, or a pattern in which {@code *} stands for any text
     * @param lowering the name of a lowering; patterns pass over nodes that it does not accept
     */
    public record Request(String node, String lowering) {
        /** Rejects a lowering that does not exist. */
        public Request {
            List<String> names = Lowerings.all().stream().map(Lowering::name).toList();
            if (node.isEmpty() || !names.contains(lowering)) {
                throw new IllegalArgumentException(
                        "expected NODE=LOWERING with one of %s, got '%s=%s'"
                                .formatted(names, node, lowering));
            }
        }

        /** Reads {@code NODE=LOWERING}; rejects other texts. */
        public static Request parse(String text) {
            int equals = text.lastIndexOf('=');
            return new Request(
                    equals < 0 ? text : text.substring(0, equals), text.substring(equals + 1));
        }

        boolean isPattern() {
            return node.contains("*");
        }

        boolean speaksOf(String label) {
            String[] parts = node.split("\\*", -1);
            int at = 0;
            for (int i = 0; i < parts.length; i++) {
                int found =
                        i == parts.length - 1
                                ? label.length() - parts[i].length()
                                : label.indexOf(parts[i], at);
                if (found < at || i == 0 && found != 0 || !label.startsWith(parts[i], found)) {
                    return false;
                }
                at = found + parts[i].length();
            }
            return true;
        }

        boolean isMetBy(Node root) {
            return Lowerings.accepting(root).anyMatch(l -> l.name().equals(lowering));
        }

        @Override
        public String toString() {
            return node + "=" + lowering;
        }
    }
}
