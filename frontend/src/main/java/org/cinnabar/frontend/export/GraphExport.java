package org.cinnabar.frontend.export;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cinnabar.frontend.onnx.AttributeProto;
import org.cinnabar.frontend.onnx.GraphProto;
import org.cinnabar.frontend.onnx.NodeProto;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.onnx.TensorShapeProto;
import org.cinnabar.frontend.onnx.TypeProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.LinearMaps;

/** One graph on its way to ONNX: names for its values, and the nodes written so far. */
public final class GraphExport {
    private final GraphProto.Builder proto = GraphProto.newBuilder();
    private final Map<Node, String> names = new IdentityHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private int constants;

    private GraphExport() {}

    /** {@code graph} in ONNX's words. */
    public static GraphProto of(Graph graph) {
        return new GraphExport().export(graph);
    }

    private GraphProto export(Graph graph) {
        proto.setName(graph.name());
        for (Node input : graph.inputs()) {
            String name = ((Input) input.op()).name();
            names.put(input, name);
            taken.add(name);
            proto.addInput(info(name, input.type()));
        }
        graph.outputs().forEach(output -> taken.add(output.name()));
        for (Graph.Output output : graph.outputs()) {
            names.putIfAbsent(output.node(), output.name());
        }
        OpExport ops = new OpExport(this);
        for (Node node : graph.nodes()) {
            switch (node.op()) {
                case Input _, Weight _ -> {}
                case Constant(Tensor value) -> names.put(node, initializer(value));
                default -> {
                    names.computeIfAbsent(node, n -> unique(n.origin().node()));
                    ops.write(node);
                }
            }
        }
        for (Graph.Output output : graph.outputs()) {
            String name = name(output.node());
            if (!name.equals(output.name())) {
                node("Identity", List.of(name), output.name(), List.of());
            }
            proto.addOutput(info(output.name(), output.node().type()));
        }
        return proto.build();
    }

    private String unique(String wanted) {
        String base = wanted.isEmpty() ? "value" : wanted;
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    /** A name for a value between two nodes. */
    String between(Node node) {
        return unique(node.origin().node());
    }

    /** What {@code node}'s value is called. */
    String name(Node node) {
        return requireNonNull(names.get(node), node::toString);
    }

    /** Adds a node. */
    void node(String operator, List<String> in, String out, List<AttributeProto> attributes) {
        proto.addNode(
                NodeProto.newBuilder()
                        .setOpType(operator)
                        .setName(out)
                        .addAllInput(in)
                        .addOutput(out)
                        .addAllAttribute(attributes));
    }

    /** Adds a constant and returns its name. */
    String initializer(Tensor value) {
        String name = unique("constant" + constants++);
        proto.addInitializer(tensor(name, value));
        return name;
    }

    /** Adds a vector of integers and returns its name. */
    String integers(long... values) {
        return initializer(Tensor.i64(Shape.of(values.length), values));
    }

    /** Adds the dense matrix of {@code weight}'s map under another shape and returns its name. */
    String weight(Node weight, Shape shape) {
        if (!(weight.op() instanceof Weight(var map))) {
            throw new IllegalArgumentException("cannot export a computed weight: " + weight);
        }
        String name = unique("weight" + constants++);
        proto.addInitializer(tensor(name, Tensor.f32(shape, LinearMaps.dense(map))));
        return name;
    }

    private static TensorProto tensor(String name, Tensor value) {
        TensorProto.Builder builder =
                TensorProto.newBuilder().setName(name).setDataType(elementType(value.dtype()));
        Arrays.stream(value.shape().extents()).forEach(builder::addDims);
        int width = width(value.dtype());
        ByteBuffer bytes =
                ByteBuffer.allocate(value.count() * width).order(ByteOrder.LITTLE_ENDIAN);
        switch (value.dtype()) {
            case F32 -> bytes.asFloatBuffer().put(value.floats());
            case F64 -> bytes.asDoubleBuffer().put(value.doubles());
            case I64 -> bytes.asLongBuffer().put(value.longs());
            case I32 -> Arrays.stream(value.longs()).forEach(v -> bytes.putInt((int) v));
            case I8, U8, BOOL -> Arrays.stream(value.longs()).forEach(v -> bytes.put((byte) v));
        }
        return builder.setRawData(ByteString.copyFrom(bytes.array())).build();
    }

    private static int width(DType type) {
        return switch (type) {
            case F32, I32 -> 4;
            case F64, I64 -> 8;
            case I8, U8, BOOL -> 1;
        };
    }

    /** ONNX's number for an element type. */
    static int elementType(DType type) {
        TensorProto.DataType onnx =
                switch (type) {
                    case F32 -> TensorProto.DataType.FLOAT;
                    case F64 -> TensorProto.DataType.DOUBLE;
                    case I8 -> TensorProto.DataType.INT8;
                    case U8 -> TensorProto.DataType.UINT8;
                    case I32 -> TensorProto.DataType.INT32;
                    case I64 -> TensorProto.DataType.INT64;
                    case BOOL -> TensorProto.DataType.BOOL;
                };
        return onnx.getNumber();
    }

    private static ValueInfoProto info(String name, TensorType type) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        List<Dim> dims = new ArrayList<>(type.shape().dims());
        for (Dim dim : dims) {
            TensorShapeProto.Dimension.Builder extent = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    dim.isKnown()
                            ? extent.setDimValue(dim.value())
                            : extent.setDimParam(dim.toString()));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(
                        TypeProto.newBuilder()
                                .setTensorType(
                                        TypeProto.Tensor.newBuilder()
                                                .setElemType(elementType(type.dtype()))
                                                .setShape(shape)))
                .build();
    }
}
