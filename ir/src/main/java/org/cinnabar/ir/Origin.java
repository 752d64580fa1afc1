package org.cinnabar.ir;

/**
 * Where a node comes from in the user's model: the ONNX node's name and operator. Passes keep it,
 * so that every error and every line of a report speaks of the model as its author wrote it.
 */
public record Origin(String node, String operator) {
    /** Of nodes that stand for nothing in the user's model. */
    public static final Origin NONE = new Origin("", "");

    @Override
    public String toString() {
        return operator.isEmpty() ? node : node + " (" + operator + ")";
    }
}
