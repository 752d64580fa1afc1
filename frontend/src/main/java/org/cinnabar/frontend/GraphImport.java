package org.cinnabar.frontend;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.NodeProto;
import org.cinnabar.frontend.onnx.OperatorSetIdProto;
import org.cinnabar.frontend.onnx.ValueInfoProto;
import org.cinnabar.frontend.op.ImportScope;
import org.cinnabar.frontend.op.Importer;
import org.cinnabar.frontend.op.OnnxNode;
import org.cinnabar.frontend.op.OpTable;
import org.cinnabar.frontend.wire.ParsedModel;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.frontend.wire.StoredTensor;
import org.cinnabar.frontend.wire.TensorReader;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Input;

/**
 * The import of one model: follows the outputs back to what they need, brings that into order, and
 * imports node by node. What depends on a node that failed is passed over in silence, so that every
 * diagnostic names a cause.
 */
final class GraphImport {
    private final ModelProto model;
    private final List<StoredTensor> initializerData;
    private final ImportOptions options;
    private final String fallbackName;
    private final ImportScope scope;
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final Map<String, Long> opsets = new HashMap<>();
    private final Map<String, Optional<Node>> values = new HashMap<>();
    private final Map<String, Diagnostic> optionalResults = new HashMap<>();

    GraphImport(
            ParsedModel parsed, TensorReader tensors, ImportOptions options, String fallbackName) {
        this.model = parsed.proto();
        this.initializerData = parsed.initializers();
        this.options = options;
        this.fallbackName = fallbackName;
        this.scope = new ImportScope(tensors);
    }

    Imported run() {
        readOpsets();
        stopOnErrors();
        Names names = new Names(model.getGraph(), initializerData, diagnostics);
        Map<String, Node> inputs = new Inputs(names, options, scope.builder(), diagnostics).nodes();
        inputs.forEach((name, node) -> values.put(name, Optional.of(node)));
        List<NodeProto> order = names.order();
        Initializers initializers = new Initializers(names, scope, diagnostics);
        for (NodeProto node : order) {
            importNode(node, initializers);
        }
        List<Graph.Output> outputs = outputs(initializers);
        rejectPlaceholders(outputs);
        stopOnErrors();
        String name =
                model.getGraph().getName().isEmpty() ? fallbackName : model.getGraph().getName();
        Graph graph = new Graph(name, List.copyOf(inputs.values()), outputs);
        return new Imported(
                graph, opsets.getOrDefault("", 0L), model.getProducerName(), diagnostics);
    }

    private void stopOnErrors() {
        if (diagnostics.stream().anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR)) {
            throw new ImportException(diagnostics.stream().distinct().toList());
        }
    }

    private void readOpsets() {
        for (OperatorSetIdProto opset : model.getOpsetImportList()) {
            opsets.put(domain(opset.getDomain()), opset.getVersion());
        }
        String known = "opset " + OnnxImporter.OLDEST_OPSET + " to " + OnnxImporter.NEWEST_OPSET;
        Long version = opsets.get("");
        if (version == null) {
            if (opsets.isEmpty()) {
                diagnostics.add(
                        Diagnostic.error(
                                "model", known, "no opset_import", "the file may be cut off"));
            }
        } else if (version < OnnxImporter.OLDEST_OPSET) {
            diagnostics.add(
                    Diagnostic.error(
                            "model",
                            known,
                            "opset " + version,
                            "convert the model with onnx.version_converter"));
        } else if (version > OnnxImporter.NEWEST_OPSET) {
            diagnostics.add(
                    Diagnostic.warning(
                            "model", known, "opset " + version, "operators may have changed"));
        }
    }

    private static String domain(String domain) {
        return domain.equals("ai.onnx") ? "" : domain;
    }

    private void importNode(NodeProto node, Initializers initializers) {
        List<Optional<Node>> operands = new ArrayList<>();
        boolean complete = true;
        for (String input : node.getInputList()) {
            Optional<Node> value = input.isEmpty() ? Optional.empty() : value(input, initializers);
            complete &= input.isEmpty() || value.isPresent();
            operands.add(value);
        }
        if (!complete) {
            return;
        }
        long opset = opsets.getOrDefault(domain(node.getDomain()), 1L);
        scope.builder().at(new Origin(Names.of(node), node.getOpType()));
        try {
            define(node, opset, results(node, opset, operands));
        } catch (Rejected e) {
            diagnostics.add(OnnxImporter.error(place(node, opset), e));
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            diagnostics.add(misfit(place(node, opset), String.valueOf(e.getMessage()), operands));
        } catch (IndexOutOfBoundsException _) {
            diagnostics.add(misfit(place(node, opset), types(operands).toString(), operands));
        }
    }

    private static Diagnostic misfit(String place, String seen, List<Optional<Node>> operands) {
        boolean known = types(operands).stream().allMatch(type -> type.shape().isKnown());
        return Diagnostic.error(
                place,
                "operands that fit",
                seen,
                known
                        ? "check the shapes in the model, or those given with --shape"
                        : "fix the input's extents with --shape, or check the shapes in the model");
    }

    private static List<TensorType> types(List<Optional<Node>> operands) {
        return operands.stream().flatMap(Optional::stream).map(Node::type).toList();
    }

    private List<Node> results(NodeProto node, long opset, List<Optional<Node>> operands) {
        Importer importer =
                OpTable.STANDARD
                        .find(domain(node.getDomain()), node.getOpType(), opset)
                        .orElseThrow(() -> unknown(node));
        OnnxNode onnx = new OnnxNode(node, opset, operands, scope);
        List<Node> results = importer.apply(onnx);
        onnx.rejectUnread();
        return results;
    }

    private static Rejected unknown(NodeProto node) {
        String operator =
                node.getDomain().isEmpty()
                        ? node.getOpType()
                        : node.getDomain() + "." + node.getOpType();
        boolean control = List.of("If", "Loop", "Scan").contains(node.getOpType());
        return new Rejected(
                "a supported operator",
                operator + (control ? ", which contains subgraphs" : ""),
                "export the model without it, or add an importer for it");
    }

    private void define(NodeProto node, long opset, List<Node> results) {
        for (int i = 0; i < node.getOutputCount(); i++) {
            if (i < results.size()) {
                values.put(node.getOutput(i), Optional.of(results.get(i)));
            } else {
                optionalResults.put(
                        node.getOutput(i),
                        Diagnostic.error(
                                place(node, opset),
                                "no use of output " + i,
                                "'" + node.getOutput(i) + "' being used",
                                "export the model in inference mode"));
            }
        }
    }

    /** The node that stands for {@code name}; empty if the cause has been reported. */
    private Optional<Node> value(String name, Initializers initializers) {
        Diagnostic unsupported = optionalResults.remove(name);
        if (unsupported != null) {
            diagnostics.add(unsupported);
        }
        return values.computeIfAbsent(name, initializers::node);
    }

    private List<Graph.Output> outputs(Initializers initializers) {
        List<Graph.Output> outputs = new ArrayList<>();
        for (ValueInfoProto output : model.getGraph().getOutputList()) {
            value(output.getName(), initializers)
                    .ifPresent(node -> outputs.add(new Graph.Output(output.getName(), node)));
        }
        return outputs;
    }

    /** The values of symbolic shapes are good for shapes only. */
    private void rejectPlaceholders(List<Graph.Output> outputs) {
        Set<String> reported = new HashSet<>();
        Graph reached = new Graph("reached", List.of(), outputs);
        for (Node node : reached.nodes()) {
            for (Node operand : node.in()) {
                if (scope.extents().isPlaceholder(operand)
                        && reported.add(node.origin().toString())) {
                    diagnostics.add(symbolic("node " + node.origin(), operand));
                }
            }
        }
        for (Graph.Output output : outputs) {
            if (scope.extents().isPlaceholder(output.node())) {
                diagnostics.add(symbolic("output " + output.name(), output.node()));
            }
        }
    }

    private static Diagnostic symbolic(String place, Node placeholder) {
        return Diagnostic.error(
                place,
                "a shape as data to be known",
                ((Input) placeholder.op()).name(),
                "fix the input's extents with --shape");
    }

    private static String place(NodeProto node, long opset) {
        return "node " + Names.of(node) + " (" + node.getOpType() + ", opset " + opset + ")";
    }
}
