package org.cinnabar.frontend;

import java.util.List;
import java.util.Optional;
import org.cinnabar.frontend.op.ImportScope;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.Tensor;

/** Initializers as constants, each read at its first use. */
final class Initializers {
    private final Names names;
    private final ImportScope scope;
    private final List<Diagnostic> diagnostics;

    Initializers(Names names, ImportScope scope, List<Diagnostic> diagnostics) {
        this.names = names;
        this.scope = scope;
        this.diagnostics = diagnostics;
    }

    /** The initializer {@code name}; empty if there is none, or a bad one, which is reported. */
    Optional<Node> node(String name) {
        try {
            return names.initializer(name)
                    .map(
                            stored -> {
                                Tensor tensor = scope.tensors().read(stored);
                                requireFinite(tensor);
                                return scope.builder()
                                        .at(new Origin(name, "initializer"))
                                        .constant(tensor);
                            });
        } catch (Rejected e) {
            diagnostics.add(OnnxImporter.error("initializer " + name, e));
        } catch (ArithmeticException e) {
            diagnostics.add(
                    Diagnostic.error(
                            "initializer " + name, "a smaller shape", "" + e.getMessage(), ""));
        }
        return Optional.empty();
    }

    /**
     * A single infinity is a bound that excludes nothing; anything else that is not finite is
     * damage.
     */
    private static void requireFinite(Tensor tensor) {
        if (!tensor.dtype().isFloating()) {
            return;
        }
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
            boolean bound = values.length == 1 && !Float.isNaN(values[i]);
            if (!Float.isFinite(values[i]) && !bound) {
                throw new Rejected(
                        "finite numbers",
                        values[i] + " at index " + i,
                        "train or export the model again");
            }
        }
    }
}
