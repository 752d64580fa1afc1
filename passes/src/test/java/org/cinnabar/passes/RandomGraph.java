package org.cinnabar.passes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Clip;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;

/**
 * Small random graphs rich in what simplification looks for. The same seed gives the same graph.
 */
final class RandomGraph {
    private static final List<Integer> NHWC = List.of(0, 2, 3, 1);
    private static final List<Integer> NCHW = List.of(0, 3, 1, 2);

    private final GraphBuilder builder = new GraphBuilder();
    private final List<Node> values = new ArrayList<>();
    private final Random random;

    private RandomGraph(long seed) {
        random = new Random(seed);
    }

    static Graph of(long seed, int ops) {
        RandomGraph graph = new RandomGraph(seed);
        Node x = graph.builder.input("x", TensorType.f32(2, 4, 5, 3));
        graph.values.add(x);
        while (graph.values.size() <= ops) {
            graph.values.add(graph.grow());
        }
        List<Graph.Output> outputs = new ArrayList<>();
        outputs.add(new Graph.Output("last", graph.values.getLast()));
        outputs.add(new Graph.Output("some", graph.some()));
        return new Graph("random" + seed, List.of(x), outputs);
    }

    /** A recent value, so that graphs are deep. */
    private Node some() {
        int back = Math.min(values.size(), 1 + random.nextInt(3));
        return values.get(values.size() - back);
    }

    private Node grow() {
        Node x = some();
        return switch (random.nextInt(16)) {
            case 0 -> unary(x);
            case 1, 2, 3 -> withConstant(x);
            case 4 -> withOther(x);
            case 5, 6 -> transposed(x);
            case 7 -> convolved(x);
            case 8 -> normalised(x);
            case 9 -> padded(x);
            case 10 -> pooled(x);
            case 11 -> sliced(x);
            case 12 -> builder.node(new Concat(random.nextInt(4) - 4), x, x);
            case 13 -> mapped(x);
            case 14 ->
                    builder.node(new Reduce(Reduce.Function.MEAN, List.of(random.nextInt(4))), x);
            default -> reshaped(x);
        };
    }

    private Node unary(Node x) {
        List<Unary.Function> functions =
                List.of(
                        Unary.Function.NEG,
                        Unary.Function.ABS,
                        Unary.Function.RELU,
                        Unary.Function.SIGMOID,
                        Unary.Function.TANH);
        return random.nextBoolean()
                ? builder.node(new Unary(functions.get(random.nextInt(functions.size()))), x)
                : builder.node(new Clip(random.nextInt(3) - 1, 2 + random.nextInt(5)), x);
    }

    private Node withConstant(Node x) {
        List<Binary.Function> functions =
                List.of(
                        Binary.Function.ADD,
                        Binary.Function.MUL,
                        Binary.Function.SUB,
                        Binary.Function.DIV,
                        Binary.Function.MAX,
                        Binary.Function.MIN);
        Binary op = new Binary(functions.get(random.nextInt(functions.size())));
        Node c = constant(random.nextInt(3) == 0 ? Shape.SCALAR : partOf(x.shape()));
        if (op.f() == Binary.Function.DIV) {
            return builder.node(op, x, builder.node(new Unary(Unary.Function.EXP), c));
        }
        return random.nextInt(4) == 0 ? builder.node(op, c, x) : builder.node(op, x, c);
    }

    /** A shape that broadcasts to {@code whole}. */
    private Shape partOf(Shape whole) {
        Shape part = whole;
        for (int axis = 0; axis < whole.rank(); axis++) {
            part = random.nextInt(3) == 0 ? part : part.with(axis, Dim.of(1));
        }
        int from = random.nextInt(2) == 0 && part.dim(0).is(1) ? 1 : 0;
        return new Shape(part.dims().subList(from, part.rank()));
    }

    private Node withOther(Node x) {
        for (Node y : values.reversed()) {
            if (y != x && y.shape().equals(x.shape())) {
                return builder.node(new Binary(Binary.Function.ADD), x, y);
            }
        }
        return builder.node(new Binary(Binary.Function.MUL), x, x);
    }

    private Node transposed(Node x) {
        List<Integer> permutation =
                switch (random.nextInt(3)) {
                    case 0 -> NHWC;
                    case 1 -> NCHW;
                    default -> {
                        List<Integer> axes = new ArrayList<>(List.of(0, 1, 2, 3));
                        Collections.shuffle(axes, random);
                        yield axes;
                    }
                };
        return builder.node(new Transpose(permutation), x);
    }

    private Node convolved(Node x) {
        int channels = x.shape().extent(1);
        int groups = channels % 2 == 0 && random.nextBoolean() ? 2 : 1;
        int rows = groups * (1 + random.nextInt(3));
        Window window =
                Window.square(
                        1 + random.nextInt(Math.min(3, smallest(x))),
                        1 + random.nextInt(2),
                        random.nextInt(2));
        Node weight = weight(rows, channels / groups * window.taps());
        return builder.node(new Conv(window, groups), x, weight);
    }

    private Node normalised(Node x) {
        Shape channels = Shape.of(x.shape().extent(1));
        Node variance = builder.node(new Unary(Unary.Function.ABS), constant(channels));
        return builder.node(
                new BatchNorm(0.01),
                x,
                constant(channels),
                constant(channels),
                constant(channels),
                variance);
    }

    private Node padded(Node x) {
        List<Integer> begin =
                IntStream.range(0, 4)
                        .map(axis -> axis < 2 ? 0 : random.nextInt(2))
                        .boxed()
                        .toList();
        List<Integer> end =
                IntStream.range(0, 4)
                        .map(axis -> axis < 1 ? 0 : random.nextInt(2))
                        .boxed()
                        .toList();
        return builder.node(
                new Pad(begin, end, Pad.Mode.CONSTANT, random.nextInt(4) == 0 ? 1 : 0), x);
    }

    private Node pooled(Node x) {
        int kernel = 1 + random.nextInt(Math.min(3, smallest(x)));
        Window window =
                Window.square(kernel, 1 + random.nextInt(2), kernel > 1 ? random.nextInt(2) : 0);
        Pool.Function f = random.nextBoolean() ? Pool.Function.MAX : Pool.Function.AVERAGE;
        return builder.node(new Pool(f, window, random.nextBoolean()), x);
    }

    private static int smallest(Node x) {
        return Math.min(x.shape().extent(2), x.shape().extent(3));
    }

    private Node sliced(Node x) {
        int axis = random.nextInt(4);
        int extent = x.shape().extent(axis);
        int start = random.nextInt(extent);
        int step = random.nextBoolean() ? 1 : -1;
        int most = step > 0 ? extent - start : start + 1;
        return builder.node(
                new Slice(axis, Dim.of(start), step, Dim.of(1 + random.nextInt(most))), x);
    }

    private Node mapped(Node x) {
        int last = x.shape().extent(3);
        if (random.nextBoolean()) {
            return builder.node(new MatMul(), x, constant(Shape.of(last, 1 + random.nextInt(4))));
        }
        return builder.node(new Linear(), x, weight(1 + random.nextInt(4), last));
    }

    /** Flattened, mapped, and seen as four axes again; or broadcast. */
    private Node reshaped(Node x) {
        int[] extents = x.shape().extents();
        if (random.nextBoolean() && extents[1] == 1) {
            return builder.node(new Expand(x.shape().with(1, Dim.of(3))), x);
        }
        Node flat =
                builder.node(new Reshape(Shape.of(extents[0], x.shape().count() / extents[0])), x);
        Node y = builder.node(new Linear(), flat, weight(12, flat.shape().extent(1)));
        return builder.node(new Reshape(Shape.of(extents[0], 3, 2, 2)), y);
    }

    private Node weight(int rows, int cols) {
        return builder.weight(
                new Matrix(F32.of(normal(rows * cols, 1 / Math.sqrt(cols)), rows, cols)));
    }

    private Node constant(Shape shape) {
        if (random.nextInt(4) == 0) {
            float[] same = new float[shape.count()];
            Arrays.fill(same, random.nextInt(2));
            return builder.constant(Tensor.f32(shape, same));
        }
        return builder.constant(Tensor.f32(shape, normal(shape.count(), 1)));
    }

    private float[] normal(int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }
}
