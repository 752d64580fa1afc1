package org.cinnabar.frontend.wire;

import java.util.List;
import org.cinnabar.frontend.onnx.ModelProto;

/** A model whose graph has its initializers apart. */
public record ParsedModel(ModelProto proto, List<StoredTensor> initializers) {
    public ParsedModel {
        initializers = List.copyOf(initializers);
    }
}
