package org.cinnabar.passes.lower;

import java.util.List;
import java.util.Optional;
import org.cinnabar.ir.Node;

/** Every lowering there is; where several accept a node, the first one listed computes it. */
public final class Lowerings {
    private static final List<Lowering> ALL =
            List.of(
                    new DepthwiseConv(),
                    new DirectConv(),
                    new Gemm(),
                    new BatchedMatMul(),
                    new WindowReduction(),
                    new LoopNest(),
                    new Moves());

    private Lowerings() {}

    /** All of them, in order of preference. */
    public static List<Lowering> all() {
        return ALL;
    }

    /** The lowering that computes {@code node}; empty if none can. */
    static Optional<Lowering> of(Node node) {
        return ALL.stream().filter(lowering -> lowering.accepts(node)).findFirst();
    }
}
