package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;

/**
 * How it is chosen which lowering computes each root op, among those that accept it: the one
 * requested, or else the one that is predicted to be the quickest.
 *
 * @param requests what the user decided; where several speak of a node, the last one counts
 * @param maxError lowerings whose error may be larger are chosen only where requested
 * @param machine what times are predicted for
 * @param timings what was measured: where a layer was, that decides
 */
public record Selection(List<Request> requests, double maxError, Machine machine, Timings timings) {
    /** Nothing requested, and errors that leave whole networks within 1e-4 of the exact result. */
    public static final Selection DEFAULT =
            new Selection(List.of(), 1e-4, Machine.DEFAULT, Timings.NONE);

    /** Rejects a largest error that is not positive. */
    public Selection {
        requests = List.copyOf(requests);
        if (!(maxError > 0)) {
            throw new IllegalArgumentException("expected a largest error above 0, got " + maxError);
        }
    }

    /** This with one more request. */
    public Selection with(Request request) {
        List<Request> all = new ArrayList<>(requests);
        all.add(request);
        return new Selection(all, maxError, machine, timings);
    }

    /** This with another largest error. */
    public Selection withMaxError(double error) {
        return new Selection(requests, error, machine, timings);
    }

    /** This for another machine. */
    public Selection withMachine(Machine other) {
        return new Selection(requests, maxError, other, timings);
    }

    /** This with what was measured. */
    public Selection withTimings(Timings other) {
        return new Selection(requests, maxError, machine, other);
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
