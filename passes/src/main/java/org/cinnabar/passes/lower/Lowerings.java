package org.cinnabar.passes.lower;

import java.util.List;
import java.util.stream.Stream;
import org.cinnabar.ir.Node;

/** Every lowering there is; {@link Selection} chooses among those that accept a node. */
public final class Lowerings {
    private static final List<Lowering> ALL =
            List.of(
                    new DepthwiseConv(),
                    new DirectConv(),
                    new Winograd(2),
                    new Winograd(4),
                    new Winograd(6),
                    new FftDepthwiseConv(16),
                    new FftDepthwiseConv(32),
                    new FftDepthwiseConv(64),
                    new FftConv(8),
                    new FftConv(16),
                    new FftConv(32),
                    new FftConv(64),
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

    /** The lowerings that can compute {@code node}, in order of preference. */
    static Stream<Lowering> accepting(Node node) {
        return ALL.stream().filter(lowering -> lowering.accepts(node));
    }
}
