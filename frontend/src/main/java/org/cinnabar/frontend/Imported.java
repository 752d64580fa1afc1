package org.cinnabar.frontend;

import java.util.List;
import org.cinnabar.ir.Graph;

/**
 * An imported model: its graph, the version of ONNX's operators it speaks, who wrote it, and what
 * was doubtful.
 */
public record Imported(Graph graph, long opset, String producer, List<Diagnostic> warnings) {
    public Imported {
        warnings = List.copyOf(warnings);
    }
}
