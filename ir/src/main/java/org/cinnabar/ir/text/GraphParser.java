package org.cinnabar.ir.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Weight;
import org.jspecify.annotations.Nullable;

/**
 * Reads the form described in the package. Every line becomes a node of its own: equal lines are
 * not merged, and lines that no output needs are checked and dropped.
 */
public final class GraphParser {
    /** A use of a value: where it stands and its name with the sign. */
    private record Reference(int offset, String name) {}

    /** A type that the text claims, and where it does. */
    private record Claim(int offset, TensorType type) {}

    private record Statement(
            Reference target,
            Op op,
            List<Reference> operands,
            @Nullable Claim claim,
            Origin origin) {}

    private record Result(@Nullable String name, Reference value, @Nullable Claim claim) {}

    private final Cursor in;
    private final Literals literals = new Literals();
    private final Map<String, Node> values = new HashMap<>();
    private final Map<Node, Integer> lines = new IdentityHashMap<>();
    private final Graph graph;

    /**
     * Reads {@code text}.
     *
     * @throws SyntaxError at the first place where it is not of the form or its types do not fit
     */
    public GraphParser(String text) {
        in = new Cursor(text);
        graph = parse();
    }

    /** The graph that {@code text} describes. */
    public static Graph parse(String text) {
        return new GraphParser(text).graph();
    }

    public Graph graph() {
        return graph;
    }

    /** The forms in which constants were written. */
    public Literals literals() {
        return literals;
    }

    /** The line of the text, counted from 1, that made {@code node}, or 0. */
    public int line(Node node) {
        return lines.getOrDefault(node, 0);
    }

    private Graph parse() {
        in.expect("graph");
        in.expect("@");
        int start = in.offset();
        String name = in.name("a name");
        List<Node> inputs = in.list("(", ")", this::input);
        in.expect("->");
        List<Result> results = in.list("(", ")", this::result);
        in.expect("{");
        List<Statement> body = new ArrayList<>();
        while (!in.skip("}")) {
            body.add(node());
        }
        while (!in.atEnd()) {
            define(weight());
        }
        body.forEach(this::define);
        List<Graph.Output> outputs = results.stream().map(this::output).toList();
        return in.checked(start, "a well-formed graph", () -> new Graph(name, inputs, outputs));
    }

    private Node input() {
        Reference target = reference();
        in.expect(":");
        Op op = new Input(target.name().substring(1), Types.type(in));
        return define(new Statement(target, op, List.of(), null, Origin.NONE));
    }

    private Result result() {
        String name = null;
        if (!in.looksAt("%") && !in.looksAt("@")) {
            name = in.name("a value or a name");
            in.expect("=");
        }
        return new Result(name, reference(), claim());
    }

    private Graph.Output output(Result result) {
        Node node = resolve(result.value());
        check(result.claim(), node.type());
        return new Graph.Output(
                result.name() == null ? result.value().name().substring(1) : result.name(), node);
    }

    private Statement node() {
        Reference target = reference();
        in.expect("=");
        if (in.skip("const ")) {
            return new Statement(
                    target, new Constant(literals.parse(in)), List.of(), null, origin());
        }
        Object word = Ops.word(in);
        List<Reference> operands = in.list("(", ")", this::reference);
        Op op = Ops.attributes(in, word);
        return new Statement(target, op, operands, claim(), origin());
    }

    private Statement weight() {
        if (!in.looksAt("@")) {
            throw in.error("a weight or the end");
        }
        Reference target = reference();
        in.expect("=");
        return new Statement(
                target, new Weight(Maps.parse(in, literals)), List.of(), null, origin());
    }

    private Node define(Statement statement) {
        Reference target = statement.target();
        List<Node> operands = statement.operands().stream().map(this::resolve).toList();
        TensorType type =
                in.checked(
                        target.offset(),
                        "operands that fit",
                        () -> statement.op().infer(operands.stream().map(Node::type).toList()));
        check(statement.claim(), type);
        Node node = new Node(statement.op(), operands, type, statement.origin());
        if (values.putIfAbsent(target.name(), node) != null) {
            throw in.error(target.offset(), "a new name", target.name() + " again");
        }
        lines.put(node, in.line(target.offset()));
        return node;
    }

    private Node resolve(Reference reference) {
        Node node = values.get(reference.name());
        if (node == null) {
            throw in.error(reference.offset(), "a value defined before", reference.name());
        }
        return node;
    }

    private void check(@Nullable Claim claim, TensorType inferred) {
        if (claim != null && !claim.type().equals(inferred)) {
            throw in.error(
                    claim.offset(), "the inferred type " + inferred, claim.type().toString());
        }
    }

    private Reference reference() {
        int start = in.offset();
        String sign = in.skip("@") ? "@" : "%";
        if (sign.equals("%")) {
            in.expect("%");
        }
        return new Reference(start, sign + in.name("a name"));
    }

    private @Nullable Claim claim() {
        if (!in.skip(":")) {
            return null;
        }
        int start = in.offset();
        return new Claim(start, Types.type(in));
    }

    private Origin origin() {
        if (!in.skip(";")) {
            return Origin.NONE;
        }
        String node = in.name("the name of a node");
        String operator = "";
        if (in.skip("(")) {
            operator = in.name("an operator");
            in.expect(")");
        }
        return new Origin(node, operator);
    }
}
