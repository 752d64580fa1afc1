package org.cinnabar.truffle;

import com.oracle.truffle.api.frame.VirtualFrame;
import com.oracle.truffle.api.nodes.RootNode;

/** What evaluating a source does: it gives the model. */
final class ModelRoot extends RootNode {
    private final ModelValue model;

    ModelRoot(OnnxLanguage language, ModelValue model) {
        super(language);
        this.model = model;
    }

    @Override
    public Object execute(VirtualFrame frame) {
        return model;
    }
}
