package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Cast;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Contraction;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Input;
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

/**
 * Integer values of small nodes, up to symbols: what a model computes from shapes in order to
 * compute shapes. The value of a shape that is not known is a placeholder node, which has no
 * meaning in the finished graph; everything computed from it is followed through the core ops when
 * an importer asks for the result.
 */
public final class Extents {
    /** More elements are never a shape. */
    private static final int MOST = 1024;

    private final GraphBuilder builder;
    private final Constants constants;
    private final Map<Node, List<Dim>> placeholders = new IdentityHashMap<>();
    private final Map<Node, Optional<List<Dim>>> known = new IdentityHashMap<>();

    Extents(GraphBuilder builder, Constants constants) {
        this.builder = builder;
        this.constants = constants;
    }

    /**
     * The integer vector {@code values} as a node: a constant, or a placeholder if some are
     * symbolic.
     */
    Node vector(List<Dim> values) {
        Shape shape = Shape.of(values.size());
        if (values.stream().allMatch(Dim::isKnown)) {
            return builder.constant(
                    Tensor.i64(shape, values.stream().mapToLong(Dim::value).toArray()));
        }
        Node node = builder.node(new Input("extents " + values, new TensorType(DType.I64, shape)));
        placeholders.put(node, List.copyOf(values));
        return node;
    }

    /** Whether {@code node} stands for the value of a symbolic shape. */
    public boolean isPlaceholder(Node node) {
        return placeholders.containsKey(node);
    }

    /**
     * The elements of {@code node} in row-major order; empty unless all are integers, up to
     * symbols.
     */
    Optional<List<Dim>> of(Node node) {
        Shape shape = node.shape();
        if (!shape.isKnown() || shape.size().value() > MOST) {
            return Optional.empty();
        }
        Optional<List<Dim>> value = known.get(node);
        if (value == null) {
            value = evaluate(node);
            known.put(node, value);
        }
        return value;
    }

    private Optional<List<Dim>> evaluate(Node node) {
        return switch (node.op()) {
            case Input _ -> Optional.ofNullable(placeholders.get(node));
            case Constant(Tensor value) -> whole(value);
            case Reshape _ -> of(node.in(0));
            case Expand _ ->
                    of(node.in(0)).map(x -> broadcast(x, node.in(0).shape(), node.shape()));
            case Transpose(List<Integer> permutation) ->
                    picked(
                            node,
                            at -> {
                                int[] from = new int[at.length];
                                for (int axis = 0; axis < at.length; axis++) {
                                    from[permutation.get(axis)] = at[axis];
                                }
                                return offset(node.in(0).shape(), from);
                            });
            case Slice(int axis, Dim start, long step, _) when start.isKnown() ->
                    picked(
                            node,
                            at -> {
                                int[] from = at.clone();
                                int a = axis < 0 ? axis + at.length : axis;
                                from[a] = Math.toIntExact(start.value() + step * at[a]);
                                return offset(node.in(0).shape(), from);
                            });
            case Slice _ -> Optional.empty();
            case Gather(int axis) -> gathered(node, axis);
            case Concat(int axis) -> concatenated(node, axis);
            case Unary(Unary.Function f) -> of(node.in(0)).flatMap(x -> all(x, a -> unary(f, a)));
            case Binary(Binary.Function f) -> binary(node, f);
            case Cast(DType to) when to != DType.BOOL -> of(node.in(0));
            case Select _ -> selected(node);
            case Reduce(Reduce.Function f, _) when node.shape().size().is(1) ->
                    of(node.in(0)).flatMap(x -> reduced(f, x));
            case Cast _, Clip _, Reduce _, Pad _, Weight _ -> Optional.empty();
            case Contraction _, Pool _, MaxUnpool _, ScatterAdd _, BatchNorm _ -> Optional.empty();
        };
    }

    private static Optional<List<Dim>> whole(Tensor tensor) {
        if (tensor.dtype().isFloating()) {
            double[] values = tensor.toDoubles();
            for (double value : values) {
                if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
                    return Optional.empty();
                }
            }
            return Optional.of(
                    IntStream.range(0, values.length)
                            .mapToObj(i -> Dim.of((long) values[i]))
                            .toList());
        }
        return Optional.of(LongStream.of(tensor.longs()).mapToObj(Dim::of).toList());
    }

    private Optional<List<Dim>> picked(Node node, ToIntFunction<int[]> source) {
        return of(node.in(0))
                .map(
                        x -> {
                            List<Dim> result = new ArrayList<>();
                            forEachIndex(
                                    node.shape(), at -> result.add(x.get(source.applyAsInt(at))));
                            return result;
                        });
    }

    private Optional<List<Dim>> gathered(Node node, int axis) {
        Optional<Tensor> indices = constants.of(node.in(1));
        if (indices.isEmpty()) {
            return Optional.empty();
        }
        Shape from = node.in(0).shape();
        int a = axis < 0 ? axis + from.rank() : axis;
        int width = indices.get().shape().rank();
        return picked(
                node,
                at -> {
                    int[] source = new int[from.rank()];
                    System.arraycopy(at, 0, source, 0, a);
                    int[] which = Arrays.copyOfRange(at, a, a + width);
                    source[a] = (int) indices.get().longs()[offset(indices.get().shape(), which)];
                    System.arraycopy(at, a + width, source, a + 1, from.rank() - a - 1);
                    return offset(from, source);
                });
    }

    private Optional<List<Dim>> concatenated(Node node, int axis) {
        int a = axis < 0 ? axis + node.shape().rank() : axis;
        List<List<Dim>> parts = new ArrayList<>();
        for (Node operand : node.in()) {
            Optional<List<Dim>> part = of(operand);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
        }
        List<Dim> result = new ArrayList<>();
        forEachIndex(
                node.shape(),
                at -> {
                    int[] from = at.clone();
                    int part = 0;
                    while (from[a] >= node.in(part).shape().extent(a)) {
                        from[a] -= node.in(part++).shape().extent(a);
                    }
                    result.add(parts.get(part).get(offset(node.in(part).shape(), from)));
                });
        return Optional.of(result);
    }

    private Optional<List<Dim>> binary(Node node, Binary.Function f) {
        Optional<List<Dim>> a =
                of(node.in(0)).map(x -> broadcast(x, node.in(0).shape(), node.shape()));
        Optional<List<Dim>> b =
                of(node.in(1)).map(x -> broadcast(x, node.in(1).shape(), node.shape()));
        if (a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        boolean exact = node.in(0).type().dtype().isFloating();
        List<Dim> result = new ArrayList<>();
        for (int i = 0; i < a.get().size(); i++) {
            Optional<Dim> value = binary(f, a.get().get(i), b.get().get(i), exact);
            if (value.isEmpty()) {
                return Optional.empty();
            }
            result.add(value.get());
        }
        return Optional.of(result);
    }

    private Optional<List<Dim>> selected(Node node) {
        Optional<List<Dim>> condition = of(node.in(0));
        Optional<List<Dim>> a = of(node.in(1));
        Optional<List<Dim>> b = of(node.in(2));
        if (condition.isEmpty() || a.isEmpty() || b.isEmpty()) {
            return Optional.empty();
        }
        List<Dim> which = broadcast(condition.get(), node.in(0).shape(), node.shape());
        List<Dim> yes = broadcast(a.get(), node.in(1).shape(), node.shape());
        List<Dim> no = broadcast(b.get(), node.in(2).shape(), node.shape());
        return Optional.of(
                IntStream.range(0, which.size())
                        .mapToObj(i -> which.get(i).is(0) ? no.get(i) : yes.get(i))
                        .toList());
    }

    private static Optional<List<Dim>> reduced(Reduce.Function f, List<Dim> values) {
        BinaryOperator<Dim> combine =
                switch (f) {
                    case SUM -> Dim::plus;
                    case PROD -> Dim::times;
                    case MIN, MAX, MEAN -> null;
                };
        return combine == null ? Optional.empty() : values.stream().reduce(combine).map(List::of);
    }

    private static Optional<List<Dim>> all(
            List<Dim> values, Function<Dim, Optional<Dim>> function) {
        List<Optional<Dim>> results = values.stream().map(function).toList();
        return results.stream().allMatch(Optional::isPresent)
                ? Optional.of(results.stream().map(Optional::get).toList())
                : Optional.empty();
    }

    private static Optional<Dim> unary(Unary.Function f, Dim a) {
        return switch (f) {
            case NEG -> Optional.of(a.times(-1));
            case FLOOR, CEIL, ROUND -> Optional.of(a);
            case NOT -> a.isKnown() ? Optional.of(Dim.of(a.is(0) ? 1 : 0)) : Optional.empty();
            case ABS, RELU -> isExtent(a) ? Optional.of(a) : Optional.empty();
            case SQRT, RECIPROCAL, EXP, LOG, SIN, COS, ATAN, TANH, SIGMOID, SOFTPLUS, ERF, SIGN ->
                    Optional.empty();
        };
    }

    private static Optional<Dim> binary(Binary.Function f, Dim a, Dim b, boolean exact) {
        return switch (f) {
            case ADD -> Optional.of(a.plus(b));
            case SUB -> Optional.of(a.minus(b));
            case MUL -> Optional.of(a.times(b));
            case DIV -> quotient(a, b, exact);
            case EQUAL -> equal(a, b);
            case MIN -> lessOrEqual(a, b).map(less -> less ? a : b);
            case MAX -> lessOrEqual(a, b).map(less -> less ? b : a);
            case LESS_OR_EQUAL -> lessOrEqual(a, b).map(less -> Dim.of(less ? 1 : 0));
            case LESS -> lessOrEqual(b, a).map(less -> Dim.of(less ? 0 : 1));
            case MOD ->
                    a.isKnown() && b.isKnown() && !b.is(0)
                            ? Optional.of(Dim.of(Math.floorMod(a.value(), b.value())))
                            : Optional.empty();
            case POW, AND, OR, XOR -> Optional.empty();
        };
    }

    private static Optional<Dim> quotient(Dim a, Dim b, boolean exact) {
        if (a.isKnown() && b.isKnown()) {
            boolean possible = !b.is(0) && (!exact || a.value() % b.value() == 0);
            return possible ? Optional.of(Dim.of(a.value() / b.value())) : Optional.empty();
        }
        try {
            return Optional.of(a.exactDiv(b));
        } catch (IllegalArgumentException _) {
            boolean rounds = !exact && isExtent(a) && b.isKnown() && b.value() > 0;
            return rounds ? Optional.of(a.floorDiv(b.value())) : Optional.empty();
        }
    }

    private static Optional<Dim> equal(Dim a, Dim b) {
        Dim difference = a.minus(b);
        if (difference.isKnown()) {
            return Optional.of(Dim.of(difference.is(0) ? 1 : 0));
        }
        boolean apart =
                isExtent(a) && b.isKnown() && b.value() < 0
                        || isExtent(b) && a.isKnown() && a.value() < 0;
        return apart ? Optional.of(Dim.of(0)) : Optional.empty();
    }

    private static Optional<Boolean> lessOrEqual(Dim a, Dim b) {
        Dim difference = b.minus(a);
        if (difference.isKnown()) {
            return Optional.of(difference.value() >= 0);
        }
        return isExtent(b) && a.isKnown() && a.value() <= 0
                ? Optional.of(true)
                : isExtent(a) && b.isKnown() && b.value() < 0
                        ? Optional.of(false)
                        : Optional.empty();
    }

    /** Whether {@code dim} cannot be negative as long as no symbol is: no term is subtracted. */
    private static boolean isExtent(Dim dim) {
        return !dim.toString().contains("-");
    }

    private static List<Dim> broadcast(List<Dim> values, Shape from, Shape to) {
        List<Dim> result = new ArrayList<>();
        int missing = to.rank() - from.rank();
        forEachIndex(
                to,
                at -> {
                    int[] source = new int[from.rank()];
                    for (int axis = 0; axis < source.length; axis++) {
                        source[axis] = from.dim(axis).is(1) ? 0 : at[axis + missing];
                    }
                    result.add(values.get(offset(from, source)));
                });
        return result;
    }

    private static int offset(Shape shape, int[] at) {
        int offset = 0;
        for (int axis = 0; axis < at.length; axis++) {
            offset = offset * shape.extent(axis) + at[axis];
        }
        return offset;
    }

    private static void forEachIndex(Shape shape, Consumer<int[]> body) {
        int[] extents = shape.extents();
        for (int i = 0; i < shape.count(); i++) {
            int[] at = new int[extents.length];
            int rest = i;
            for (int axis = extents.length - 1; axis >= 0; axis--) {
                at[axis] = rest % extents[axis];
                rest /= extents[axis];
            }
            body.accept(at);
        }
    }
}
