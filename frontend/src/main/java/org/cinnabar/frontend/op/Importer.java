package org.cinnabar.frontend.op;

import java.util.List;
import java.util.function.Function;
import org.cinnabar.ir.Node;

/** What an ONNX operator means in core ops. */
@FunctionalInterface
public interface Importer {
    /** The results of {@code node} in order; those left out at the end are unsupported. */
    List<Node> apply(OnnxNode node);

    /** An importer with one result. */
    static Importer of(Function<OnnxNode, Node> importer) {
        return node -> List.of(importer.apply(node));
    }
}
