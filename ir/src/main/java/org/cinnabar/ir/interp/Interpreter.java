package org.cinnabar.ir.interp;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Correlate;
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
import org.cinnabar.ir.op.Select;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * Computes graphs the plain way. Floating values of any width are carried as {@code double} from
 * inputs to outputs and never rounded in between; integers wrap around the range of their type.
 */
public final class Interpreter {
    private Interpreter() {}

    /**
     * The outputs of {@code graph}, in their order, for {@code inputs} by name. Symbols of the
     * declared shapes take the values that the given shapes imply. Floating inputs may be of either
     * width, floating outputs are {@code F64}.
     *
     * @throws IllegalArgumentException if an input is missing, unknown, or of another type than
     *     declared
     */
    public static SequencedMap<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
        Graph bound = Symbols.bind(graph, Symbols.match(graph, types(graph, inputs)));
        Map<Node, Integer> uses = new IdentityHashMap<>();
        bound.users().forEach((node, users) -> uses.put(node, users.size()));
        bound.outputs().forEach(output -> uses.merge(output.node(), 1, Integer::sum));
        Map<Node, Tensor> values = new IdentityHashMap<>();
        for (Node node : bound.nodes()) {
            values.put(node, value(node, values, inputs));
            for (Node operand : node.in()) {
                if (uses.merge(operand, -1, Integer::sum) == 0) {
                    values.remove(operand);
                }
            }
        }
        SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
        bound.outputs()
                .forEach(
                        output ->
                                outputs.put(
                                        output.name(),
                                        widened(requireNonNull(values.get(output.node())))));
        return outputs;
    }

    /**
     * Types of the inputs as the graph should see them: any floating value serves for a floating
     * input.
     */
    private static Map<String, TensorType> types(Graph graph, Map<String, Tensor> inputs) {
        Map<String, TensorType> types = new HashMap<>();
        inputs.forEach((name, tensor) -> types.put(name, tensor.type()));
        for (Node node : graph.inputs()) {
            Input input = (Input) node.op();
            TensorType seen = types.get(input.name());
            if (seen == null) {
                throw new IllegalArgumentException(
                        "graph "
                                + graph.name()
                                + ": no value for input "
                                + input.name()
                                + ", expected "
                                + input.type());
            }
            if (seen.dtype().isFloating() && input.type().dtype().isFloating()) {
                types.put(input.name(), input.type().withShape(seen.shape()));
            }
        }
        return types;
    }

    /** As {@link #run(Graph, Map)}, with inputs and outputs in the graph's order. */
    public static List<Tensor> run(Graph graph, List<Tensor> inputs) {
        if (inputs.size() != graph.inputs().size()) {
            throw new IllegalArgumentException(
                    "graph "
                            + graph.name()
                            + " has "
                            + graph.inputs().size()
                            + " inputs, got "
                            + inputs.size()
                            + " values");
        }
        Map<String, Tensor> named = new HashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            named.put(((Input) graph.inputs().get(i).op()).name(), inputs.get(i));
        }
        return List.copyOf(run(graph, named).values());
    }

    /**
     * {@code op} on the values {@code in}; its floating result is {@code F64}.
     *
     * @throws IllegalArgumentException if the operands do not fit the op, or for an {@link Input}
     */
    public static Tensor evaluate(Op op, List<Tensor> in) {
        TensorType type = op.infer(in.stream().map(Tensor::type).toList());
        return evaluate(op, in.stream().map(Interpreter::widened).toList(), type);
    }

    private static Tensor value(Node node, Map<Node, Tensor> values, Map<String, Tensor> inputs) {
        if (node.op() instanceof Input(String name, _)) {
            return widened(requireNonNull(inputs.get(name)));
        }
        List<Tensor> in = new ArrayList<>();
        for (Node operand : node.in()) {
            in.add(values.get(operand));
        }
        try {
            return evaluate(node.op(), in, node.type());
        } catch (ArithmeticException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(node + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@code op} on operands whose floating values are {@code F64}, except that weights stay {@code
     * F32}.
     */
    private static Tensor evaluate(Op op, List<Tensor> in, TensorType type) {
        return switch (op) {
            case Input(String name, _) ->
                    throw new IllegalArgumentException("input " + name + " has no value");
            case Constant(Tensor value) -> widened(value);
            case Weight(var map) -> Tensor.f32(type.shape(), LinearMaps.dense(map));
            case Unary(var f) -> unary(f, in.getFirst());
            case Binary(var f) -> binary(f, in.get(0), in.get(1), type);
            case Select _ -> select(in, type.shape());
            case Clip(double low, double high) -> clip(low, high, in.getFirst());
            case Cast(DType to) -> cast(in.getFirst(), to);
            case Conv conv -> real(type, Sums.conv(conv, in.get(0), in.get(1), type.shape()));
            case Linear _ -> real(type, Sums.linear(in.get(0).doubles(), in.get(1)));
            case MatMul _ -> real(type, Sums.matmul(in.get(0), in.get(1), type.shape()));
            case Reshape _ -> in.getFirst().reshaped(type.shape());
            case Transpose transpose -> Movements.transpose(transpose, in.getFirst(), type.shape());
            case Slice slice -> Movements.slice(slice, in.getFirst(), type.shape());
            case Concat concat -> Movements.concat(concat, in, type.shape());
            case Pad pad -> Movements.pad(pad, in.getFirst(), type.shape());
            case Expand _ -> Movements.expand(in.getFirst(), type.shape());
            case Gather gather -> Movements.gather(gather, in.get(0), in.get(1), type.shape());
            case Reduce reduce ->
                    real(type, Reductions.reduce(reduce, in.getFirst(), type.shape()));
            case Correlate correlate ->
                    real(type, Sums.correlate(correlate, in.get(0), in.get(1), type.shape()));
            case MaxUnpool(var window) ->
                    real(type, Reductions.maxUnpool(window, in.get(0), in.get(1)));
            case ScatterAdd scatter ->
                    real(type, Movements.scatterAdd(scatter, in.get(0), in.get(1), type.shape()));
            case Pool pool -> real(type, Reductions.pool(pool, in.getFirst(), type.shape()));
            case BatchNorm(double epsilon) -> batchNorm(epsilon, in, type.shape());
        };
    }

    /**
     * {@code values} as a value of the given type: integers truncate, floating values stay as they
     * are.
     */
    private static Tensor real(TensorType type, double[] values) {
        return cast(Tensor.f64(type.shape(), values), type.dtype());
    }

    private static Tensor widened(Tensor x) {
        return x.dtype() == DType.F32 ? Tensor.f64(x.shape(), x.toDoubles()) : x;
    }

    private static Tensor unary(Unary.Function f, Tensor x) {
        if (x.dtype().isFloating()) {
            return Tensor.f64(x.shape(), Arrays.stream(x.doubles()).map(Scalars.real(f)).toArray());
        }
        return integers(
                x.dtype(), x.shape(), Arrays.stream(x.longs()).map(Scalars.integer(f)).toArray());
    }

    private static Tensor binary(Binary.Function f, Tensor a, Tensor b, TensorType type) {
        Tensor left = Movements.expand(a, type.shape());
        Tensor right = Movements.expand(b, type.shape());
        if (a.dtype().isFloating()) {
            DoubleBinaryOperator real = Scalars.real(f);
            double[] x = left.doubles();
            double[] y = right.doubles();
            double[] z = new double[x.length];
            Arrays.setAll(z, i -> real.applyAsDouble(x[i], y[i]));
            return real(type, z);
        }
        LongBinaryOperator integer = Scalars.integer(f);
        long[] x = left.longs();
        long[] y = right.longs();
        long[] z = new long[x.length];
        Arrays.setAll(z, i -> integer.applyAsLong(x[i], y[i]));
        return integers(type.dtype(), type.shape(), z);
    }

    private static Tensor select(List<Tensor> in, Shape shape) {
        long[] condition = Movements.expand(in.get(0), shape).longs();
        Tensor a = Movements.expand(in.get(1), shape);
        Tensor b = Movements.expand(in.get(2), shape);
        if (a.dtype().isFloating()) {
            double[] chosen = new double[condition.length];
            Arrays.setAll(chosen, i -> condition[i] != 0 ? a.doubles()[i] : b.doubles()[i]);
            return Tensor.f64(shape, chosen);
        }
        long[] chosen = new long[condition.length];
        Arrays.setAll(chosen, i -> condition[i] != 0 ? a.longs()[i] : b.longs()[i]);
        return Tensor.integers(a.dtype(), shape, chosen);
    }

    private static Tensor clip(double low, double high, Tensor x) {
        if (x.dtype().isFloating()) {
            return Tensor.f64(
                    x.shape(),
                    Arrays.stream(x.doubles())
                            .map(v -> Math.min(Math.max(v, low), high))
                            .toArray());
        }
        return Tensor.integers(
                x.dtype(),
                x.shape(),
                Arrays.stream(x.longs())
                        .map(v -> v < low ? (long) low : v > high ? (long) high : v)
                        .toArray());
    }

    private static Tensor cast(Tensor x, DType to) {
        if (to.isFloating()) {
            return x.dtype().isFloating() ? x : Tensor.f64(x.shape(), x.toDoubles());
        }
        if (!x.dtype().isFloating()) {
            return integers(to, x.shape(), x.longs());
        }
        return integers(
                to,
                x.shape(),
                Arrays.stream(x.doubles())
                        .mapToLong(v -> to == DType.BOOL ? (v == 0 ? 0 : 1) : (long) v)
                        .toArray());
    }

    private static Tensor integers(DType dtype, Shape shape, long[] values) {
        return Tensor.integers(
                dtype, shape, Arrays.stream(values).map(v -> Scalars.wrap(dtype, v)).toArray());
    }

    private static Tensor batchNorm(double epsilon, List<Tensor> in, Shape shape) {
        double[] x = in.get(0).doubles();
        double[] scale = in.get(1).doubles();
        double[] bias = in.get(2).doubles();
        double[] mean = in.get(3).doubles();
        double[] variance = in.get(4).doubles();
        int channels = scale.length;
        int plane = Math.max(1, x.length / Math.max(1, shape.extent(0) * channels));
        double[] y = new double[x.length];
        Arrays.setAll(
                y,
                i -> {
                    int c = i / plane % channels;
                    return scale[c] * (x[i] - mean[c]) / Math.sqrt(variance[c] + epsilon) + bias[c];
                });
        return Tensor.f64(shape, y);
    }
}
