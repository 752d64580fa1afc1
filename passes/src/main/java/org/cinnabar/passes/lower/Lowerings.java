package org.cinnabar.passes.lower;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.cinnabar.ir.Node;

/** Every lowering there is; {@link Selection} chooses among those that accept a node. */
public final class Lowerings {
    /** Sides of the tiles in which convolutions may be computed in the frequency domain. */
    private static final List<Integer> FOURIER =
            List.of(8, 12, 16, 18, 20, 24, 28, 32, 36, 40, 42, 48, 64);

    private static final List<Lowering> ALL =
            Stream.of(
                            Stream.of(
                                    new DepthwiseConv(),
                                    new DirectConv(Precisions.FP32),
                                    new DirectConv(Precisions.FP24),
                                    new DirectConv(Precisions.INT16)),
                            Arrays.stream(WinogradTiling.Storage.values())
                                    .flatMap(
                                            storage ->
                                                    Stream.of(2, 4, 6)
                                                            .map(s -> new Winograd(s, storage))),
                            FOURIER.stream().map(FftDepthwiseConv::new),
                            FOURIER.stream().map(FftConv::new),
                            Stream.of(
                                    new Gemm(Precisions.FP32),
                                    new Gemm(Precisions.FP24),
                                    new Gemm(Precisions.INT16),
                                    new ComputedConv(),
                                    new ComputedProduct(),
                                    new WinogradCorrelate(2),
                                    new WinogradCorrelate(4),
                                    new WinogradCorrelate(6),
                                    new Unpooling(),
                                    new Scattering(),
                                    new MappedReduction(),
                                    new Pooling(),
                                    new AxisReduction(),
                                    new LoopNest(),
                                    new Moves()))
                    .<Lowering>flatMap(lowerings -> lowerings)
                    .toList();

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
