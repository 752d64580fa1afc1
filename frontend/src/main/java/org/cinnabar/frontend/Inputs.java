package org.cinnabar.frontend;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.cinnabar.frontend.onnx.TensorShapeProto;
import org.cinnabar.frontend.onnx.TypeProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;
import org.cinnabar.frontend.wire.ElementTypes;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.TensorType;

/** The graph's inputs as nodes, with the shapes that the user asked for. */
final class Inputs {
    private final Names names;
    private final ImportOptions options;
    private final GraphBuilder builder;
    private final List<Diagnostic> diagnostics;

    Inputs(Names names, ImportOptions options, GraphBuilder builder, List<Diagnostic> diagnostics) {
        this.names = names;
        this.options = options;
        this.builder = builder;
        this.diagnostics = diagnostics;
    }

    SequencedMap<String, Node> nodes() {
        SequencedMap<String, Node> nodes = new LinkedHashMap<>();
        for (ValueInfoProto input : names.suppliedInputs()) {
            try {
                nodes.put(input.getName(), builder.input(input.getName(), type(input)));
            } catch (Rejected e) {
                diagnostics.add(OnnxImporter.error("input " + input.getName(), e));
            }
        }
        List<String> known = names.suppliedInputs().stream().map(ValueInfoProto::getName).toList();
        for (Map.Entry<String, Shape> shape : options.shapes().entrySet()) {
            if (!known.contains(shape.getKey())) {
                diagnostics.add(
                        Diagnostic.error(
                                "option --shape " + shape.getKey() + "=" + shape.getValue(),
                                "one of the inputs " + known,
                                shape.getKey(),
                                ""));
            }
        }
        return nodes;
    }

    private TensorType type(ValueInfoProto input) {
        TypeProto type = input.getType();
        if (!type.hasTensorType()) {
            throw new Rejected("a tensor", type.getValueCase().name().toLowerCase(Locale.ROOT), "");
        }
        Shape asked = options.shapes().get(input.getName());
        Shape shape;
        if (type.getTensorType().hasShape()) {
            Shape declared = declared(input.getName(), type.getTensorType().getShape());
            if (asked != null && asked.rank() != declared.rank()) {
                throw new Rejected(
                        "a shape of rank " + declared.rank() + " like " + declared,
                        "--shape " + asked,
                        "");
            }
            shape = asked == null ? declared : asked;
        } else if (asked == null) {
            throw new Rejected(
                    "a shape", "none", "give one with --shape " + input.getName() + "=...");
        } else {
            shape = asked;
        }
        return new TensorType(ElementTypes.of(type.getTensorType().getElemType()), shape);
    }

    /** Equal names are equal symbols; an extent without a name is a symbol of its own. */
    private static Shape declared(String input, TensorShapeProto shape) {
        List<Dim> dims = new ArrayList<>();
        for (TensorShapeProto.Dimension dim : shape.getDimList()) {
            if (dim.hasDimValue() && dim.getDimValue() != -1) {
                if (dim.getDimValue() < 0 || dim.getDimValue() > Integer.MAX_VALUE) {
                    throw new Rejected(
                            "extents of 0 to " + Integer.MAX_VALUE,
                            Long.toString(dim.getDimValue()),
                            "give a --shape");
                }
                dims.add(Dim.of(dim.getDimValue()));
            } else {
                String name =
                        dim.getDimParam().isEmpty() ? input + "_" + dims.size() : dim.getDimParam();
                dims.add(Dim.symbol(identifier(name)));
            }
        }
        return new Shape(dims);
    }

    private static String identifier(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
        return Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
    }
}
