package org.cinnabar.train;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.Diagonal;
import org.cinnabar.ir.weights.Encoded;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.LinearMap;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.ir.weights.Product;
import org.cinnabar.passes.gradients.Leaves;
import org.cinnabar.passes.simplify.Simplifications;

/**
 * A model whose trained numbers are inputs: the leaves of its weights, biases that are added to a
 * contraction, and what batch normalization multiplies, adds and knows about its input. Weights lie
 * with output channels innermost, as kernels read computed weights.
 */
public final class Trainable {
    private final Graph model;
    private final GraphBuilder builder = new GraphBuilder();
    private final Map<Node, Node> images = new IdentityHashMap<>();
    private final Map<Encoded, Parameter> leaves = new IdentityHashMap<>();
    private final Map<Node, Parameter> constants = new IdentityHashMap<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    private Trainable(Graph model) {
        this.model = model;
        for (Node node : model.nodes()) {
            builder.at(node.origin());
            images.put(node, image(node));
        }
    }

    /**
     * {@code model} with its numbers as inputs.
     *
     * @param model of known shapes
     * @throws IllegalArgumentException if there is nothing to train in it
     */
    public static Trainable of(Graph model) {
        Trainable trainable = new Trainable(model);
        if (trainable.parameters.stream().allMatch(p -> p.role() == Parameter.Role.STATISTIC)) {
            throw new IllegalArgumentException(
                    "graph " + model.name() + " has no weights to train");
        }
        return trainable;
    }

    /** {@code imported} with the constants that act as weights as such. */
    public static Graph prepared(Graph imported) {
        return Simplifications.FIND_WEIGHTS.run(imported);
    }

    /** The builder of the new graph. */
    GraphBuilder builder() {
        return builder;
    }

    /** All trained numbers and statistics, in the order of the model. */
    public List<Parameter> parameters() {
        return List.copyOf(parameters);
    }

    /** What stands for {@code node} of the model in the new graph. */
    Node image(Graph.Output output) {
        return requireNonNull(images.get(output.node()));
    }

    /** All nodes of the new graph that the model's outputs need, operands first. */
    List<Node> nodes() {
        List<Graph.Output> outputs =
                model.outputs().stream()
                        .map(output -> new Graph.Output(output.name(), image(output)))
                        .toList();
        return new Graph(model.name(), List.of(), outputs).nodes();
    }

    /** The model itself. */
    public Graph model() {
        return model;
    }

    /** The inputs of the model in the new graph. */
    List<Node> inputs() {
        return model.inputs().stream().map(node -> requireNonNull(images.get(node))).toList();
    }

    private Node image(Node node) {
        List<Node> in = new ArrayList<>();
        for (int i = 0; i < node.in().size(); i++) {
            in.add(operand(node, i));
        }
        return builder.at(node.origin()).node(node.op(), in);
    }

    private Node operand(Node node, int i) {
        Node operand = node.in(i);
        if (operand.op() instanceof Weight(LinearMap map)) {
            return weight(node, map);
        }
        if (operand.op() instanceof Constant(Tensor value) && value.dtype() == DType.F32) {
            String what = constantName(node, i, value);
            if (!what.isEmpty()) {
                boolean statistic = node.op() instanceof BatchNorm && i > 2;
                return constants
                        .computeIfAbsent(
                                operand,
                                _ ->
                                        parameter(
                                                node.origin().node() + "." + what,
                                                statistic
                                                        ? Parameter.Role.STATISTIC
                                                        : Parameter.Role.CHANNEL,
                                                value,
                                                value.shape(),
                                                identity(value.shape().rank())))
                        .input();
            }
        }
        return requireNonNull(images.get(operand));
    }

    /** What a constant is to {@code node}; empty if it is not trained. */
    private static String constantName(Node node, int i, Tensor value) {
        return switch (node.op()) {
            case BatchNorm _ -> List.of("", "scale", "shift", "mean", "variance").get(i);
            case Binary(var f) ->
                    f == Binary.Function.ADD
                                    && value.count() > 1
                                    && node.in(1 - i).op() instanceof Contraction
                            ? "bias"
                            : "";
            default -> "";
        };
    }

    private Node weight(Node user, LinearMap map) {
        String name = user.origin().node() + ".weight";
        if (!(map instanceof Matrix(Encoded entries))) {
            return Leaves.dense(
                    map,
                    leaf -> leaf(leaf, name, leaf.shape(), identity(leaf.shape().rank())).input(),
                    builder);
        }
        Shape extents =
                user.op() instanceof Conv(var window, int groups)
                        ? kernel(user.in(0).shape().extent(1) / groups, map, window.kernel())
                        : entries.shape();
        List<Integer> order =
                user.op() instanceof Linear
                        ? List.of(1, 0)
                        : IntStream.range(0, extents.rank())
                                .mapToObj(
                                        i ->
                                                i < extents.rank() - 2
                                                        ? i + 2
                                                        : extents.rank() - 1 - i)
                                .toList();
        Parameter parameter = leaf(entries, name, extents, order);
        List<Integer> back =
                IntStream.range(0, order.size()).mapToObj(parameter.order()::indexOf).toList();
        return builder.node(new Transpose(back), parameter.input());
    }

    private static Shape kernel(int channels, LinearMap map, List<Integer> kernel) {
        long[] extents = new long[kernel.size() + 2];
        extents[0] = map.rows();
        extents[1] = channels;
        for (int axis = 0; axis < kernel.size(); axis++) {
            extents[axis + 2] = kernel.get(axis);
        }
        return Shape.of(extents);
    }

    private Parameter leaf(Encoded leaf, String name, Shape extents, List<Integer> order) {
        Tensor value =
                switch (leaf) {
                    case F32(Tensor values) -> values;
                };
        return leaves.computeIfAbsent(
                leaf, _ -> parameter(name, Parameter.Role.WEIGHT, value, extents, order));
    }

    private static List<Integer> identity(int rank) {
        return IntStream.range(0, rank).boxed().toList();
    }

    private Parameter parameter(
            String wanted, Parameter.Role role, Tensor value, Shape extents, List<Integer> order) {
        String name = wanted;
        for (int i = 2; !names.add(name); i++) {
            name = wanted + i;
        }
        Shape stored = new Shape(order.stream().map(extents::dim).toList());
        Node input = builder.input(name, new TensorType(DType.F32, stored));
        Parameter parameter = new Parameter(name, role, input, value, extents, order);
        parameters.add(parameter);
        return parameter;
    }

    /** {@code graph}, of which the model is an instance, with other numbers by parameter's name. */
    public Graph restore(Graph graph, Function<Parameter, float[]> values) {
        Map<Object, Tensor> numbers = new IdentityHashMap<>();
        leaves.forEach((leaf, p) -> numbers.put(leaf, tensor(p, values)));
        constants.forEach(
                (node, p) -> numbers.put(((Constant) node.op()).value(), tensor(p, values)));
        GraphBuilder restored = new GraphBuilder();
        Map<Node, Node> made = new HashMap<>();
        for (Node node : graph.nodes()) {
            restored.at(node.origin());
            Node image =
                    switch (node.op()) {
                        case Weight(LinearMap map) -> restored.weight(replaced(map, numbers));
                        case Constant(Tensor value) ->
                                restored.constant(numbers.getOrDefault(value, value));
                        default ->
                                restored.node(
                                        node.op(),
                                        node.in().stream()
                                                .map(in -> requireNonNull(made.get(in)))
                                                .toList());
                    };
            made.put(node, image);
        }
        return new Graph(
                graph.name(),
                graph.inputs().stream().map(node -> requireNonNull(made.get(node))).toList(),
                graph.outputs().stream()
                        .map(o -> new Graph.Output(o.name(), requireNonNull(made.get(o.node()))))
                        .toList());
    }

    private static Tensor tensor(Parameter parameter, Function<Parameter, float[]> values) {
        float[] restored = parameter.restored(values.apply(parameter));
        return Tensor.f32(parameter.initial().shape(), restored);
    }

    private static LinearMap replaced(LinearMap map, Map<Object, Tensor> numbers) {
        return switch (map) {
            case Matrix(Encoded entries) -> new Matrix(replaced(entries, numbers));
            case Diagonal(Encoded entries) -> new Diagonal(replaced(entries, numbers));
            case Product(List<LinearMap> factors) ->
                    new Product(factors.stream().map(f -> replaced(f, numbers)).toList());
        };
    }

    private static Encoded replaced(Encoded leaf, Map<Object, Tensor> numbers) {
        return switch (leaf) {
            case F32(Tensor values) -> new F32(numbers.getOrDefault(leaf, values));
        };
    }

    /** Whether {@code node} is an input that holds a parameter. */
    boolean isParameter(Node node) {
        return node.op() instanceof Input(String name, _) && names.contains(name);
    }
}
