package org.cinnabar.ir;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;

/**
 * Small graphs of one op each, for the laws that hold of every op. An op without a sample fails
 * them all.
 */
public final class OpSamples {
    private static final Dim N = Dim.symbol("N");
    private static final Map<Class<? extends Op>, List<Graph>> SAMPLES = new LinkedHashMap<>();

    static {
        TensorType image = f32(N, Dim.of(4), Dim.of(5), Dim.of(7));
        TensorType rows = f32(Dim.of(3), N);
        TensorType mask = new TensorType(DType.BOOL, Shape.of(3, 1));
        add(new Input("given", rows));
        add(new Constant(Tensor.i64(Shape.of(3), 1, -2, 3)));
        add(new Constant(Tensor.f64(Shape.of(2), Double.NEGATIVE_INFINITY, -0.0)));
        add(new Constant(Tensor.f32(Shape.of(0, 2))));
        add(new Weight(new Matrix(weight(2, 3))));
        for (Unary.Function f : Unary.Function.values()) {
            add(new Unary(f), f == Unary.Function.NOT ? mask : rows);
        }
        for (Binary.Function f : Binary.Function.values()) {
            boolean logic = f.compareTo(Binary.Function.AND) >= 0;
            add(new Binary(f), logic ? mask : rows, logic ? mask : f32(Dim.of(3), Dim.of(1)));
        }
        add(new Select(), mask, rows, rows);
        add(new Clip(0, Double.POSITIVE_INFINITY), rows);
        add(new Clip(-1.5, 1e-7), rows);
        Arrays.stream(DType.values()).forEach(to -> add(new Cast(to), rows));
        contraction(
                new Conv(Window.parse("3x2/2+1:0x1@2x1"), 2),
                f32(N, Dim.of(2), Dim.of(5), Dim.of(7)),
                weight(2, 6));
        contraction(new Linear(), f32(N, Dim.of(3)), weight(5, 3));
        add(new MatMul(), f32(N, Dim.of(2), Dim.of(3)), f32(Dim.of(3), Dim.of(5)));
        add(
                new Conv(Window.parse("3x2/2+1:0x1"), 1),
                image,
                f32(Dim.of(6), Dim.of(4), Dim.of(3), Dim.of(2)));
        add(
                new Correlate(Window.parse("3x2/2+1:0x1@2x1"), 2),
                image,
                f32(N, Dim.of(6), Dim.of(1), Dim.of(4)));
        add(new Reshape(new Shape(List.of(N, Dim.of(20), Dim.of(7)))), image);
        add(new Transpose(List.of(1, 0)), rows);
        add(new Slice(0, Dim.of(2), -2, Dim.of(2)), rows);
        add(new Slice(1, Dim.of(0), 2, N.plus(1).floorDiv(2)), rows);
        add(new Concat(1), rows, rows);
        for (Pad.Mode mode : Pad.Mode.values()) {
            add(new Pad(List.of(1, 0), List.of(0, 2), mode, 0.5), rows);
        }
        add(new Expand(new Shape(List.of(Dim.of(2), Dim.of(3), N))), rows);
        add(new Gather(1), image, new TensorType(DType.I64, Shape.of(1, 3)));
        for (Reduce.Function f : Reduce.Function.values()) {
            add(new Reduce(f, List.of(0)), rows);
        }
        add(new Pool(Pool.Function.MAX, Window.parse("3x2/2+1x0"), false), image);
        add(new Pool(Pool.Function.AVERAGE, Window.parse("2x2/2+0:1"), true), image);
        Window overlapping = Window.parse("3x2/2+1x0");
        add(new MaxUnpool(overlapping), image, f32(N, Dim.of(4), Dim.of(3), Dim.of(3)));
        add(new ScatterAdd(1, 3), image, new TensorType(DType.I64, Shape.of(4, 5)));
        TensorType channels = f32(Dim.of(4));
        add(new BatchNorm(1e-5), image, channels, channels, channels, channels);
    }

    private OpSamples() {}

    /** All samples. */
    public static Stream<Graph> all() {
        return permitted(Op.class).flatMap(type -> of(type).stream());
    }

    /** The samples of one type of op. */
    public static List<Graph> of(Class<?> type) {
        List<Graph> samples = SAMPLES.get(type);
        if (samples == null) {
            throw new AssertionError("add a sample of " + type.getSimpleName());
        }
        return samples;
    }

    /** The records below a sealed type. */
    public static Stream<Class<?>> permitted(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(OpSamples::permitted)
                : Stream.of(type);
    }

    private static TensorType f32(Dim... dims) {
        return new TensorType(DType.F32, new Shape(List.of(dims)));
    }

    private static F32 weight(int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 7 % 11 - 5) / 4f;
        }
        return F32.of(values, rows, cols);
    }

    private static void add(Op op, TensorType... operands) {
        GraphBuilder builder = new GraphBuilder();
        Node[] in = new Node[operands.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = builder.input("x" + i, operands[i]);
        }
        add(builder.at(new Origin("layer." + op.getClass().getSimpleName(), "Op")).node(op, in));
    }

    private static void contraction(Op op, TensorType x, F32 weight) {
        GraphBuilder builder = new GraphBuilder();
        add(builder.node(op, builder.input("x", x), builder.weight(new Matrix(weight))));
    }

    private static void add(Node result) {
        List<Node> inputs =
                result.op() instanceof Input
                        ? List.of(result)
                        : result.in().stream().filter(node -> node.op() instanceof Input).toList();
        Graph graph = new Graph("sample", inputs, List.of(new Graph.Output("y", result)));
        SAMPLES.computeIfAbsent(result.op().getClass(), _ -> new ArrayList<>()).add(graph);
    }
}
