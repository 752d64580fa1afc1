package org.cinnabar.frontend;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.cinnabar.frontend.onnx.AttributeProto;
import org.cinnabar.frontend.onnx.AttributeProto.AttributeType;
import org.cinnabar.frontend.onnx.GraphProto;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.NodeProto;
import org.cinnabar.frontend.onnx.OperatorSetIdProto;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.onnx.TensorProto.DataType;
import org.cinnabar.frontend.onnx.TypeProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;
import org.cinnabar.ir.text.GraphPrinter;

/**
 * A small ONNX model, written down in a test:
 *
 * <pre>
 * model(13).input("x", "Nx3x8x8").floats("w", "4x3x1x1", 1).node("y = Conv(x, w)", ints("strides", 2, 2)).output("y")
 * </pre>
 */
final class OnnxModel {
    private static final Pattern CALL = Pattern.compile("(.+) = (?:([a-z.]+)\\.)?(\\w+)\\((.*)\\)");

    private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("net");

    private OnnxModel() {}

    static OnnxModel model(long opset) {
        return new OnnxModel().domain("", opset);
    }

    OnnxModel domain(String domain, long version) {
        model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version));
        return this;
    }

    /** An input of floats; extents that are no numbers are symbols. */
    OnnxModel input(String name, String shape) {
        return input(name, DataType.FLOAT, shape);
    }

    OnnxModel input(String name, DataType type, String shape) {
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.getNumber());
        tensor.getShapeBuilder();
        for (String extent : extents(shape)) {
            if (extent.matches("-?\\d+")) {
                tensor.getShapeBuilder().addDimBuilder().setDimValue(Long.parseLong(extent));
            } else {
                tensor.getShapeBuilder().addDimBuilder().setDimParam(extent);
            }
        }
        graph.addInput(
                ValueInfoProto.newBuilder()
                        .setName(name)
                        .setType(TypeProto.newBuilder().setTensorType(tensor)));
        return this;
    }

    /** An initializer; the values are repeated as often as the shape needs. */
    OnnxModel floats(String name, String shape, double... values) {
        TensorProto.Builder tensor = tensor(name, DataType.FLOAT, shape);
        int count = count(shape);
        IntStream.range(0, count)
                .forEach(i -> tensor.addFloatData((float) values[i % values.length]));
        return initializer(tensor);
    }

    /** A vector initializer of int64. */
    OnnxModel longs(String name, long... values) {
        TensorProto.Builder tensor = tensor(name, DataType.INT64, Integer.toString(values.length));
        Arrays.stream(values).forEach(tensor::addInt64Data);
        return initializer(tensor);
    }

    OnnxModel initializer(TensorProto.Builder tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    static TensorProto.Builder tensor(String name, DataType type, String shape) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .addAllDims(extents(shape).stream().map(Long::valueOf).toList());
    }

    /**
     * A call like {@code y = Conv(x, w)}; the node is called after its operator and first result.
     */
    OnnxModel node(String call, AttributeProto... attributes) {
        Matcher m = CALL.matcher(call);
        if (!m.matches()) {
            throw new IllegalArgumentException(call);
        }
        graph.addNode(
                NodeProto.newBuilder()
                        .setName(
                                m.group(3).toLowerCase(Locale.ROOT)
                                        + "_"
                                        + names(m.group(1)).getFirst())
                        .setDomain(m.group(2) == null ? "" : m.group(2))
                        .setOpType(m.group(3))
                        .addAllOutput(names(m.group(1)))
                        .addAllInput(names(m.group(4)))
                        .addAllAttribute(List.of(attributes)));
        return this;
    }

    OnnxModel output(String... names) {
        for (String name : names) {
            graph.addOutput(ValueInfoProto.newBuilder().setName(name));
        }
        return this;
    }

    static AttributeProto ints(String name, long... values) {
        AttributeProto.Builder attribute = attribute(name, AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    static AttributeProto integer(String name, long value) {
        return attribute(name, AttributeType.INT).setI(value).build();
    }

    static AttributeProto number(String name, double value) {
        return attribute(name, AttributeType.FLOAT).setF((float) value).build();
    }

    static AttributeProto text(String name, String value) {
        return attribute(name, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)).build();
    }

    private static AttributeProto.Builder attribute(String name, AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    byte[] bytes() {
        return model.setGraph(graph).build().toByteArray();
    }

    Imported read() {
        return read(ImportOptions.DEFAULTS);
    }

    Imported read(ImportOptions options) {
        return OnnxImporter.read(bytes(), options);
    }

    /** The imported graph as text. */
    String text() {
        return GraphPrinter.print(read().graph());
    }

    /** The shapes of the outputs as text. */
    List<String> shapes() {
        return read().graph().outputs().stream().map(o -> o.node().shape().toString()).toList();
    }

    private static List<String> names(String list) {
        return list.isBlank()
                ? List.of()
                : Arrays.stream(list.split(",")).map(String::strip).toList();
    }

    private static List<String> extents(String shape) {
        return shape.isEmpty() ? List.of() : List.of(shape.split("x"));
    }

    private static int count(String shape) {
        return extents(shape).stream().mapToInt(Integer::parseInt).reduce(1, Math::multiplyExact);
    }
}
