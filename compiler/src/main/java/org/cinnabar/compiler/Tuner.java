package org.cinnabar.compiler;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.passes.lower.Decision;
import org.cinnabar.passes.lower.Group;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Timings;
import org.cinnabar.runtime.Lanes;

/** Times the most promising lowerings of every layer that has several, each layer on its own. */
final class Tuner {
    private static final int MOST_CANDIDATES = 3;
    private static final int COLD_BYTES = 64 << 20;
    private static final String LABEL = "layer";

    private Tuner() {}

    /**
     * What {@code selection} does not know yet about the layers of {@code graph}, measured.
     *
     * @throws CompileException if this JVM runs no vectors
     */
    static Timings tune(Graph graph, Selection selection, Progress progress) {
        Stopwatch stopwatch = new Stopwatch(target(), COLD_BYTES);
        Map<String, Double> seconds = new LinkedHashMap<>();
        List<Group> groups =
                Schedule.of(graph, selection).groups().stream()
                        .filter(group -> promising(group).size() > 1)
                        .toList();
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            progress.begin("timing " + group.label(), i, groups.size());
            for (Decision.Candidate candidate : promising(group)) {
                String key = Timings.key(group.root(), candidate.lowering());
                if (candidate.measured().isEmpty() && !seconds.containsKey(key)) {
                    Selection.Request request =
                            new Selection.Request("*", candidate.lowering().name());
                    seconds.put(
                            key,
                            stopwatch.seconds(
                                    alone(group.root()), Selection.DEFAULT.with(request), LABEL));
                }
            }
        }
        return new Timings(seconds);
    }

    /** The best predicted candidates. */
    private static List<Decision.Candidate> promising(Group group) {
        return group.decision().candidates().stream()
                .filter(Decision.Candidate::isAllowed)
                .sorted(Comparator.comparingDouble(Decision.Candidate::predicted))
                .limit(MOST_CANDIDATES)
                .toList();
    }

    /** {@code root} with its weight, on an input of its own. */
    private static Graph alone(Node root) {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", root.in(0).type());
        Node[] operands = root.in().toArray(Node[]::new);
        operands[0] = x;
        for (int i = 1; i < operands.length; i++) {
            if (!(operands[i].op() instanceof Weight)) {
                operands[i] = b.input("x" + i, operands[i].type());
            }
        }
        List<Node> inputs =
                Stream.of(operands).filter(node -> !(node.op() instanceof Weight)).toList();
        Node y = b.at(new Origin(LABEL, "")).node(root.op(), operands);
        return new Graph("layer", inputs, List.of(new Graph.Output("y", y)));
    }

    /** The code that this JVM would run. */
    static Target target() {
        int lanes = Lanes.preferred();
        return Target.ALL.stream()
                .filter(target -> target.lanes() == lanes)
                .findFirst()
                .orElseThrow(
                        () ->
                                new CompileException(
                                        List.of(
                                                "measuring needs vectors: start Java with"
                                                        + " --add-modules jdk.incubator.vector"),
                                        null));
    }
}
