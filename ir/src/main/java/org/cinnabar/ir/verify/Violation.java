package org.cinnabar.ir.verify;

import org.cinnabar.ir.Node;

/** An invariant that {@code node} breaks. */
public record Violation(Node node, String message) {
    @Override
    public String toString() {
        return node + ": " + message;
    }
}
