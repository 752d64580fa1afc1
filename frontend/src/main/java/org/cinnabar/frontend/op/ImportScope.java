package org.cinnabar.frontend.op;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.cinnabar.frontend.wire.TensorReader;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;

/**
 * What the importers of one model share: the graph under construction and what is known about its
 * values.
 */
public final class ImportScope {
    private final GraphBuilder builder = new GraphBuilder();
    private final Constants constants = new Constants();
    private final Extents extents = new Extents(builder, constants);
    private final Map<Tensor, Node> weights = new IdentityHashMap<>();
    private final TensorReader tensors;

    public ImportScope(TensorReader tensors) {
        this.tensors = tensors;
    }

    public GraphBuilder builder() {
        return builder;
    }

    public Extents extents() {
        return extents;
    }

    public TensorReader tensors() {
        return tensors;
    }

    Constants constants() {
        return constants;
    }

    /**
     * The weight node that stands for {@code tensor}, made at its first use: shared tensors stay
     * shared.
     */
    Node weight(Tensor tensor, Supplier<Node> made) {
        return weights.computeIfAbsent(tensor, _ -> made.get());
    }
}
