package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.cinnabar.frontend.onnx.AttributeProto;
import org.cinnabar.frontend.onnx.AttributeProto.AttributeType;
import org.cinnabar.frontend.onnx.NodeProto;
import org.cinnabar.frontend.onnx.TensorProto;
import org.cinnabar.frontend.wire.ElementTypes;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.DType;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Operands;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * One node of an ONNX graph while it is imported: its operands and attributes, each checked as it
 * is read. Reading what is absent, of another kind, or not known at import throws {@link Rejected}.
 */
public final class OnnxNode extends CoreBuilder {
    private final NodeProto proto;
    private final long opset;
    private final List<Optional<Node>> operands;
    private final ImportScope scope;
    private final Set<String> read = new HashSet<>();

    /**
     * A node of version {@code opset} of its domain; operands that the model leaves out are empty.
     */
    public OnnxNode(NodeProto proto, long opset, List<Optional<Node>> operands, ImportScope scope) {
        super(scope.builder());
        this.proto = proto;
        this.opset = opset;
        this.operands = List.copyOf(operands);
        this.scope = scope;
    }

    long opset() {
        return opset;
    }

    /** Number of results that the model names. */
    int outputs() {
        return proto.getOutputCount();
    }

    boolean hasOutput(int index) {
        return index < outputs() && !proto.getOutput(index).isEmpty();
    }

    boolean has(int index) {
        return index < operands.size() && operands.get(index).isPresent();
    }

    Node in(int index) {
        if (!has(index)) {
            throw new Rejected(
                    "an operand " + index,
                    operands.size() <= index ? operands.size() + " operands" : "it left out",
                    "export the model again");
        }
        return operands.get(index).orElseThrow();
    }

    /** All operands; none may be left out. */
    List<Node> in() {
        List<Node> all = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            all.add(in(i));
        }
        return all;
    }

    /** The value of an operand; empty if it depends on the model's inputs. */
    Optional<Tensor> known(int index) {
        return scope.constants().of(in(index));
    }

    /** The value of an operand that has to be constant; {@code what} names its role. */
    Tensor constant(int index, String what) {
        return known(index)
                .orElseThrow(
                        () ->
                                new Rejected(
                                        "a constant " + what + " (operand " + index + ")",
                                        "a value computed from the model's inputs, "
                                                + in(index).type(),
                                        "export the model with a fixed " + what));
    }

    /** The numbers of a constant operand. */
    double[] numbers(int index, String what) {
        return constant(index, what).toDoubles();
    }

    /** The single number of a constant operand. */
    double number(int index, String what) {
        double[] values = numbers(index, what);
        if (values.length != 1) {
            throw new Rejected("one number as " + what, in(index).type().toString(), "");
        }
        return values[0];
    }

    /** The integers of an operand, known up to symbolic extents. */
    List<Dim> dims(int index, String what) {
        return scope.extents()
                .of(in(index))
                .orElseThrow(
                        () ->
                                new Rejected(
                                        "a "
                                                + what
                                                + " (operand "
                                                + index
                                                + ") that depends on nothing but shapes",
                                        "a value computed from data, " + in(index).type(),
                                        "export the model with a fixed " + what));
    }

    /** The integers of an operand that must not depend on symbolic extents. */
    List<Long> longs(int index, String what) {
        List<Dim> dims = dims(index, what);
        if (!dims.stream().allMatch(Dim::isKnown)) {
            throw new Rejected(
                    "a known " + what + " (operand " + index + ")",
                    dims.toString(),
                    "fix the input's extents with --shape");
        }
        return dims.stream().map(Dim::value).toList();
    }

    /** A shape's extents as a node. */
    Node extents(List<Dim> values) {
        return scope.extents().vector(values);
    }

    /**
     * The dense weight {@code [rows, rest]} of a contraction, shared by all who use {@code tensor}.
     */
    Node weight(Tensor tensor) {
        int rows = tensor.shape().extent(0);
        return scope.weight(
                tensor, () -> matrix(tensor.floats(), rows, rows == 0 ? 0 : tensor.count() / rows));
    }

    /** The weight that acts as the transpose of {@code tensor}. */
    Node transposedWeight(Tensor tensor) {
        return scope.weight(
                tensor,
                () -> {
                    int rows = tensor.shape().extent(1);
                    int cols = tensor.shape().extent(0);
                    float[] from = tensor.floats();
                    float[] to = new float[from.length];
                    for (int r = 0; r < rows; r++) {
                        for (int c = 0; c < cols; c++) {
                            to[r * cols + c] = from[c * rows + r];
                        }
                    }
                    return matrix(to, rows, cols);
                });
    }

    /** The dense weight {@code [rows, cols]} with row-major {@code values}. */
    Node matrix(float[] values, int rows, int cols) {
        return scope.builder().weight(new Matrix(F32.of(values, rows, cols)));
    }

    boolean hasAttribute(String name) {
        return attribute(name) != null;
    }

    long integer(String name, long fallback) {
        AttributeProto attribute = attribute(name, AttributeType.INT);
        return attribute == null ? fallback : attribute.getI();
    }

    long integer(String name) {
        return required(name, AttributeType.INT).getI();
    }

    boolean flag(String name, boolean fallback) {
        return integer(name, fallback ? 1 : 0) != 0;
    }

    double number(String name, double fallback) {
        AttributeProto attribute = attribute(name, AttributeType.FLOAT);
        return attribute == null ? fallback : attribute.getF();
    }

    String text(String name, String fallback) {
        AttributeProto attribute = attribute(name, AttributeType.STRING);
        return attribute == null ? fallback : attribute.getS().toStringUtf8();
    }

    /** A list of integers; empty if it is absent. */
    Optional<List<Long>> longs(String name) {
        AttributeProto attribute = attribute(name, AttributeType.INTS);
        return attribute == null ? Optional.empty() : Optional.of(attribute.getIntsList());
    }

    /** A list of integers of {@code int} range. */
    Optional<List<Integer>> integers(String name) {
        return longs(name).map(values -> values.stream().map(Math::toIntExact).toList());
    }

    Optional<List<Float>> numbers(String name) {
        AttributeProto attribute = attribute(name, AttributeType.FLOATS);
        return attribute == null ? Optional.empty() : Optional.of(attribute.getFloatsList());
    }

    Tensor tensor(String name) {
        return read(required(name, AttributeType.TENSOR).getT());
    }

    private Tensor read(TensorProto tensor) {
        return scope.tensors().read(tensor);
    }

    /** The element type that a number of ONNX stands for. */
    DType elementType(String name, DType fallback) {
        AttributeProto attribute = attribute(name, AttributeType.INT);
        return attribute == null ? fallback : ElementTypes.of(Math.toIntExact(attribute.getI()));
    }

    /**
     * {@code count}, as the size of a constant that the importer makes; rejects what no model
     * means.
     */
    int affordable(long count) {
        if (count < 0 || count > Constants.MOST) {
            throw new Rejected(
                    "at most " + Constants.MOST + " made numbers",
                    Long.toString(count),
                    "check the shapes in the model");
        }
        return (int) count;
    }

    /** Marks attributes that mean nothing at inference as read. */
    void ignore(String... names) {
        read.addAll(List.of(names));
    }

    /** Rejects an attribute value by name. */
    Rejected unsupported(String attribute, Object value, String expected) {
        return new Rejected(expected, attribute + "=" + value, "export the model without it");
    }

    /** Rejects attributes that no importer has read. */
    public void rejectUnread() {
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (!read.contains(attribute.getName())) {
                throw unsupported(
                        attribute.getName(),
                        show(attribute),
                        "attributes of " + proto.getOpType() + " in this opset");
            }
        }
    }

    private static String show(AttributeProto attribute) {
        return switch (attribute.getType()) {
            case INT -> Long.toString(attribute.getI());
            case FLOAT -> Float.toString(attribute.getF());
            case STRING -> '"' + attribute.getS().toStringUtf8() + '"';
            case INTS -> attribute.getIntsList().toString();
            case FLOATS -> attribute.getFloatsList().toString();
            default -> attribute.getType().name();
        };
    }

    private AttributeProto required(String name, AttributeType type) {
        AttributeProto attribute = attribute(name, type);
        if (attribute == null) {
            throw new Rejected("an attribute " + name, "none", "export the model again");
        }
        return attribute;
    }

    private @Nullable AttributeProto attribute(String name, AttributeType type) {
        AttributeProto attribute = attribute(name);
        if (attribute != null
                && attribute.getType() != type
                && attribute.getType() != AttributeType.UNDEFINED) {
            throw new Rejected(
                    name + " as " + type,
                    attribute.getType() + " " + show(attribute),
                    "export the model again");
        }
        return attribute;
    }

    private @Nullable AttributeProto attribute(String name) {
        read.add(name);
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (attribute.getName().equals(name)) {
                return attribute;
            }
        }
        return null;
    }

    /** {@code axis} counted from the front of {@code x}. */
    int axis(long axis, Node x) {
        return axis(axis, x.shape().rank());
    }

    int axis(long axis, int rank) {
        return Operands.axis(proto.getOpType(), Math.toIntExact(axis), rank);
    }

    /**
     * The list of integers that is attribute {@code name} before opset {@code since} and operand
     * {@code index} after.
     */
    Optional<List<Long>> attributeOrOperand(String name, int since, int index) {
        if (opset < since) {
            return longs(name);
        }
        return has(index) ? Optional.of(longs(index, name)) : Optional.empty();
    }

    /** {@code f} of a shape's extents. */
    static Shape shape(Shape of, Function<List<Dim>, List<Dim>> f) {
        return new Shape(f.apply(new ArrayList<>(of.dims())));
    }
}
