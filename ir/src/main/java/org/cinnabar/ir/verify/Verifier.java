package org.cinnabar.ir.verify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.InternalCompilerError;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Elementwise;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.MaxUnpool;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.ScatterAdd;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.text.GraphPrinter;

/** Finds what breaks the invariants of a {@link Stage}. */
public final class Verifier {
    private final Graph graph;
    private final List<Violation> violations = new ArrayList<>();

    private Verifier(Graph graph) {
        this.graph = graph;
    }

    /** Everything in {@code graph} that must not be at {@code stage}, in the order of its nodes. */
    public static List<Violation> violations(Graph graph, Stage stage) {
        Verifier verifier = new Verifier(graph);
        Set<String> symbols =
                graph.inputs().stream()
                        .flatMap(input -> symbols(input).stream())
                        .collect(Collectors.toSet());
        for (Node node : graph.nodes()) {
            switch (stage) {
                case IMPORTED -> verifier.imported(node, symbols);
                case CANONICAL -> {
                    verifier.imported(node, symbols);
                    verifier.canonical(node);
                }
            }
        }
        return verifier.violations;
    }

    /**
     * Accepts a graph without violations.
     *
     * @throws InternalCompilerError with all violations and the text of the graph otherwise
     */
    public static void verify(Graph graph, Stage stage) {
        List<Violation> violations = violations(graph, stage);
        if (!violations.isEmpty()) {
            throw new InternalCompilerError(
                    "graph "
                            + graph.name()
                            + " is not "
                            + stage.name().toLowerCase(Locale.ROOT)
                            + violations.stream()
                                    .map(violation -> "\n  " + violation)
                                    .collect(Collectors.joining())
                            + "\n"
                            + GraphPrinter.print(graph));
        }
    }

    private void imported(Node node, Set<String> symbols) {
        checkType(node);
        if (node.op() instanceof Input && !graph.inputs().contains(node)) {
            report(node, "the input is used but not listed in the graph");
        }
        Set<String> unknown = new HashSet<>(symbols(node));
        unknown.removeAll(symbols);
        if (!unknown.isEmpty()) {
            report(node, "no input has the symbols " + unknown.stream().sorted().toList());
        }
        for (int i = 0; i < node.in().size(); i++) {
            if (node.in(i).op() instanceof Weight && !(takesWeight(node) && i == 1)) {
                report(node, "operand " + i + " is a weight");
            }
        }
        if (node.op() instanceof Weight && graph.isOutput(node)) {
            report(node, "a weight is a result of the graph");
        }
    }

    private void checkType(Node node) {
        try {
            TensorType inferred = node.op().infer(node.in().stream().map(Node::type).toList());
            if (!inferred.equals(node.type())) {
                report(node, "the op infers type " + inferred);
            }
        } catch (IllegalArgumentException e) {
            report(node, "the operands do not fit: " + e.getMessage());
        }
    }

    private void canonical(Node node) {
        if (node.op() instanceof BatchNorm) {
            report(node, "a batch normalization is left");
        }
        if (takesWeight(node) && node.in(1).op() instanceof Constant) {
            report(node, "operand 1 is not a weight but " + node.in(1));
        }
        if (givesBackItsOperand(node)) {
            report(node, "the op gives back its operand");
        }
        boolean constant =
                !node.in().isEmpty()
                        && node.in().stream().allMatch(in -> in.op() instanceof Constant);
        if (constant && size(node) <= node.in().stream().mapToLong(Verifier::size).sum()) {
            report(node, "the op works on constants alone");
        }
    }

    private static boolean takesWeight(Node node) {
        return node.op() instanceof Conv || node.op() instanceof Linear;
    }

    private static boolean givesBackItsOperand(Node node) {
        boolean candidate =
                switch (node.op()) {
                    case Reshape _, Expand _, Cast _, Pad _ -> true;
                    case Concat _ -> node.in().size() == 1;
                    case Transpose(List<Integer> permutation) ->
                            permutation.equals(permutation.stream().sorted().toList());
                    case Slice(_, Dim start, long step, _) -> start.is(0) && step == 1;
                    case Clip(double low, double high) ->
                            low == Double.NEGATIVE_INFINITY && high == Double.POSITIVE_INFINITY;
                    case Input _, Constant _, Weight _, Elementwise _, Conv _, Linear _, MatMul _ ->
                            false;
                    case Correlate _, Gather _, Reduce _, Pool _, BatchNorm _ -> false;
                    case MaxUnpool _, ScatterAdd _ -> false;
                };
        return candidate && node.type().equals(node.in(0).type());
    }

    private static long size(Node node) {
        return node.shape().isKnown() ? node.shape().size().value() : Long.MAX_VALUE;
    }

    private static Set<String> symbols(Node node) {
        return node.shape().dims().stream()
                .flatMap(dim -> dim.symbols().stream())
                .collect(Collectors.toSet());
    }

    private void report(Node node, String message) {
        violations.add(new Violation(node, message));
    }
}
