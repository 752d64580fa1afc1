package org.cinnabar.frontend.export;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.cinnabar.frontend.onnx.AttributeProto;
import org.cinnabar.frontend.onnx.AttributeProto.AttributeType;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
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

/** Core ops as ONNX nodes of opset 17. */
record OpExport(GraphExport graph) {
    void write(Node node) {
        Op op = node.op();
        switch (op) {
            case Unary(var f) -> plain(capitalised(f.name()), node);
            case Binary(var f) -> plain(binary(f), node);
            case Select _ -> plain("Where", node);
            case Clip(double low, double high) ->
                    add("Clip", node, List.of(in(node, 0), number(low), number(high)));
            case Cast(DType to) -> plain("Cast", node, integer("to", GraphExport.elementType(to)));
            case Conv(Window window, int groups) -> conv(node, window, groups);
            case Linear _ -> linear(node);
            case MatMul _ -> plain("MatMul", node);
            case Reshape _ -> add("Reshape", node, List.of(in(node, 0), shape(node)));
            case Expand _ -> add("Expand", node, List.of(in(node, 0), shape(node)));
            case Transpose(var permutation) ->
                    plain("Transpose", node, integers("perm", permutation));
            case Slice(int axis, Dim start, long step, Dim count) ->
                    slice(node, axis, start.value(), step, count.value());
            case Concat(int axis) -> plain("Concat", node, integer("axis", axis));
            case Pad pad -> pad(node, pad);
            case Gather(int axis) -> plain("Gather", node, integer("axis", axis));
            case Reduce(var f, var axes) -> reduce(node, f, axes);
            case Pool(var f, Window window, boolean countPadding) ->
                    pool(node, f, window, countPadding);
            case BatchNorm(double epsilon) ->
                    plain("BatchNormalization", node, real("epsilon", (float) epsilon));
            case Correlate _, MaxUnpool _, ScatterAdd _ ->
                    throw new IllegalArgumentException("ONNX has no operator for " + node);
            case Input _, Constant _, Weight _ -> throw new IllegalStateException(node.toString());
        }
    }

    private static String capitalised(String word) {
        return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String binary(Binary.Function f) {
        return switch (f) {
            case LESS_OR_EQUAL -> "LessOrEqual";
            case ADD, SUB, MUL, DIV, MIN, MAX, POW, MOD, EQUAL, LESS, AND, OR, XOR ->
                    capitalised(f.name());
        };
    }

    private String in(Node node, int i) {
        return graph.name(node.in(i));
    }

    private String number(double value) {
        return graph.initializer(Tensor.scalar((float) value));
    }

    private void plain(String operator, Node node, AttributeProto... attributes) {
        add(operator, node, node.in().stream().map(graph::name).toList(), attributes);
    }

    private void add(String operator, Node node, List<String> in, AttributeProto... attributes) {
        graph.node(operator, in, graph.name(node), List.of(attributes));
    }

    private static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build();
    }

    private static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    private static AttributeProto integers(String name, List<Integer> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INTS)
                .addAllInts(values.stream().map(Integer::longValue).toList())
                .build();
    }

    private static List<AttributeProto> window(Window window) {
        List<Integer> pads = new ArrayList<>(window.padBegin());
        pads.addAll(window.padEnd());
        return List.of(
                integers("kernel_shape", window.kernel()),
                integers("strides", window.stride()),
                integers("pads", pads),
                integers("dilations", window.dilation()));
    }

    private void conv(Node node, Window window, int groups) {
        List<Long> extents = new ArrayList<>();
        extents.add(node.shape().dim(1).value());
        extents.add(node.in(0).shape().dim(1).value() / groups);
        window.kernel().forEach(extent -> extents.add((long) extent));
        Shape shape = Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
        String weight = graph.weight(node.in(1), shape);
        List<AttributeProto> attributes = new ArrayList<>(window(window));
        attributes.add(integer("group", groups));
        graph.node("Conv", List.of(in(node, 0), weight), graph.name(node), attributes);
    }

    private void linear(Node node) {
        String weight = graph.weight(node.in(1), node.in(1).shape());
        if (node.in(0).shape().rank() == 2) {
            add("Gemm", node, List.of(in(node, 0), weight), integer("transB", 1));
            return;
        }
        String turned = graph.between(node);
        graph.node("Transpose", List.of(weight), turned, List.of(integers("perm", List.of(1, 0))));
        add("MatMul", node, List.of(in(node, 0), turned));
    }

    /** The shape of {@code node}, in which one extent may follow from the others. */
    private String shape(Node node) {
        List<Dim> dims = node.shape().dims();
        if (dims.stream().filter(dim -> !dim.isKnown()).count() > 1) {
            throw new IllegalArgumentException(
                    "cannot export " + node + ": more than one extent is open");
        }
        return graph.integers(
                dims.stream().mapToLong(dim -> dim.isKnown() ? dim.value() : -1).toArray());
    }

    private void slice(Node node, int axis, long start, long step, long count) {
        long end = start + count * step;
        List<String> in =
                List.of(
                        in(node, 0),
                        graph.integers(start),
                        graph.integers(end < 0 ? Long.MIN_VALUE : end),
                        graph.integers(axis),
                        graph.integers(step));
        add("Slice", node, in);
    }

    private void pad(Node node, Pad pad) {
        long[] pads =
                Stream.concat(pad.begin().stream(), pad.end().stream())
                        .mapToLong(Integer::longValue)
                        .toArray();
        AttributeProto mode =
                AttributeProto.newBuilder()
                        .setName("mode")
                        .setType(AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8(pad.mode().name().toLowerCase(Locale.ROOT)))
                        .build();
        List<String> in = new ArrayList<>(List.of(in(node, 0), graph.integers(pads)));
        if (pad.mode() == Pad.Mode.CONSTANT) {
            in.add(number(pad.value()));
        }
        add("Pad", node, in, mode);
    }

    private void reduce(Node node, Reduce.Function f, List<Integer> axes) {
        if (f == Reduce.Function.SUM) {
            long[] numbers = axes.stream().mapToLong(Integer::longValue).toArray();
            add("ReduceSum", node, List.of(in(node, 0), graph.integers(numbers)));
        } else {
            plain("Reduce" + capitalised(f.name()), node, integers("axes", axes));
        }
    }

    private void pool(Node node, Pool.Function f, Window window, boolean countPadding) {
        boolean max = f == Pool.Function.MAX;
        List<AttributeProto> attributes = new ArrayList<>(window(window));
        if (!max) {
            boolean dilated = window.dilation().stream().anyMatch(d -> d != 1);
            if (dilated) {
                throw new IllegalArgumentException(
                        "ONNX has no operator for a dilated average: " + node);
            }
            attributes.removeIf(attribute -> attribute.getName().equals("dilations"));
            attributes.add(integer("count_include_pad", countPadding ? 1 : 0));
        }
        graph.node(
                max ? "MaxPool" : "AveragePool",
                List.of(in(node, 0)),
                graph.name(node),
                attributes);
    }
}
