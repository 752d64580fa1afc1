package org.cinnabar.train.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import java.util.stream.IntStream;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.train.random.RandomStream;

/**
 * Builds a network layer by layer, its weights drawn from streams named after the layers. The batch
 * is the symbol {@code N}.
 *
 * <pre>{@code
 * Graph lenet = new NetworkBuilder("lenet", seed, 1, 28, 28)
 *         .conv("conv1", 20, Window.parse("5x5")).maxPool(Window.parse("2x2/2"))
 *         .flatten().linear("fc1", 500).relu().linear("fc2", 10)
 *         .build();
 * }</pre>
 */
public final class NetworkBuilder {
    private static final double EPSILON = 1e-5;

    private final String name;
    private final long seed;
    private final GraphBuilder builder = new GraphBuilder();
    private final Map<String, Integer> unnamed = new HashMap<>();
    private final Node input;
    private Node at;

    /** A network of inputs {@code [N, extents...]}. */
    public NetworkBuilder(String name, long seed, long... extents) {
        this.name = name;
        this.seed = seed;
        List<Dim> dims =
                IntStream.range(0, extents.length + 1)
                        .mapToObj(i -> i == 0 ? Dim.symbol("N") : Dim.of(extents[i - 1]))
                        .toList();
        this.input = builder.input("input", new TensorType(DType.F32, new Shape(dims)));
        this.at = input;
    }

    /** The value made last. */
    public Node at() {
        return at;
    }

    /** Goes on from {@code node}. */
    public NetworkBuilder from(Node node) {
        at = node;
        return this;
    }

    private NetworkBuilder then(String layer, Op op, Node... in) {
        String operator = op.getClass().getSimpleName();
        builder.at(new Origin(layer, operator));
        at = builder.node(op, in);
        return this;
    }

    private String next(String kind) {
        return kind + unnamed.merge(kind, 1, Integer::sum);
    }

    private static float[] numbers(int count, LongToDoubleFunction number) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) number.applyAsDouble(i);
        }
        return values;
    }

    /** Normal with variance {@code 1/depth} (LeCun et al., Efficient BackProp, 1998). */
    private Node weight(String layer, int rows, int depth) {
        RandomStream stream = RandomStream.of(seed, layer, "weight");
        double deviation = Math.sqrt(1.0 / depth);
        float[] values =
                numbers(Math.multiplyExact(rows, depth), i -> deviation * stream.normal(i));
        builder.at(new Origin(layer, "Weight"));
        return builder.weight(new Matrix(F32.of(values, rows, depth)));
    }

    private NetworkBuilder bias(String layer, int channels, long... extents) {
        Tensor zeros = Tensor.f32(Shape.of(extents), new float[channels]);
        return then(layer, new Binary(Binary.Function.ADD), at, builder.constant(zeros));
    }

    /** Convolution without bias. */
    public NetworkBuilder bareConv(String layer, int outputs, Window window) {
        int depth = at.shape().extent(1) * window.taps();
        return then(layer, new Conv(window, 1), at, weight(layer, outputs, depth));
    }

    /** Convolution and bias. */
    public NetworkBuilder conv(String layer, int outputs, Window window) {
        return bareConv(layer, outputs, window).bias(layer, outputs, outputs, 1, 1);
    }

    /** A fully connected layer with bias. */
    public NetworkBuilder linear(String layer, int outputs) {
        Node weight = weight(layer, outputs, at.shape().extent(-1));
        return then(layer, new Linear(), at, weight).bias(layer, outputs, outputs);
    }

    /** Batch normalization. */
    public NetworkBuilder batchNorm(String layer) {
        int channels = at.shape().extent(1);
        Node[] in = {
            at, filled(channels, 1), filled(channels, 0), filled(channels, 0), filled(channels, 1)
        };
        return then(layer, new BatchNorm(EPSILON), in);
    }

    /** A constant of its own: equal ones would be one node. */
    private Node filled(int channels, float value) {
        float[] values = new float[channels];
        Arrays.fill(values, value);
        return builder.constant(Tensor.f32(Shape.of(channels), values));
    }

    public NetworkBuilder relu() {
        return then(next("relu"), new Unary(Unary.Function.RELU), at);
    }

    public NetworkBuilder maxPool(Window window) {
        return then(next("pool"), new Pool(Pool.Function.MAX, window, false), at);
    }

    public NetworkBuilder averagePool(Window window) {
        return then(next("pool"), new Pool(Pool.Function.AVERAGE, window, false), at);
    }

    /** The mean over every channel, as {@code [N,C]}. */
    public NetworkBuilder globalAverage() {
        return then(next("mean"), new Reduce(Reduce.Function.MEAN, List.of(2, 3)), at).flatten();
    }

    /** All axes but the batch as one. */
    public NetworkBuilder flatten() {
        Dim features =
                at.shape().dims().subList(1, at.shape().rank()).stream()
                        .reduce(Dim.of(1), Dim::times);
        Shape shape = new Shape(List.of(at.shape().dim(0), features));
        return shape.equals(at.shape()) ? this : then(next("flatten"), new Reshape(shape), at);
    }

    /** Adds {@code other}. */
    public NetworkBuilder add(Node other) {
        return then(next("add"), new Binary(Binary.Function.ADD), at, other);
    }

    /** The network that ends here. */
    public Graph build() {
        return new Graph(name, List.of(input), List.of(new Graph.Output("scores", at)));
    }
}
