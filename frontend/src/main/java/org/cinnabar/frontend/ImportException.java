package org.cinnabar.frontend;

import java.util.List;
import java.util.stream.Collectors;

/** A model that cannot be imported, with every reason found. The message has one line for each. */
public final class ImportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial")
    private final List<Diagnostic> diagnostics;

    public ImportException(List<Diagnostic> diagnostics) {
        super(diagnostics.stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
        this.diagnostics = List.copyOf(diagnostics);
    }

    /** What is wrong with the model, and warnings that may help to see why. */
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }
}
