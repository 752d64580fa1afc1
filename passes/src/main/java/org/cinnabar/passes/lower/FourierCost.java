package org.cinnabar.passes.lower;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Window;

/**
 * What a stride-1 convolution costs in the frequency domain.
 *
 * @param multiplyAdds of real numbers, in the products at every frequency
 * @param lines one-dimensional transforms, over a vector of channels each
 * @param weightBytes the transformed filters, read once for every wave of tiles
 * @param spectrumBytes the transformed maps, written once and read once
 */
record FourierCost(int size, long multiplyAdds, long lines, long weightBytes, long spectrumBytes) {
    /** Estimates are for cores that begin two multiply-adds of 16 lanes per cycle. */
    private static final double PER_CYCLE = 2 * 16;

    private static final double EFFICIENCY = 0.8;

    /** Of a long sum in registers, and of a window too wide for them. */
    private static final double DIRECT_EFFICIENCY = 0.9;

    private static final double WIDE_DEPTHWISE_EFFICIENCY = 0.35;

    private static final int NARROW = 7;

    /** Smaller windows are left to other lowerings. */
    private static final int LEAST_TAPS = 25;

    /** Bytes per cycle from the third-level cache and from memory. */
    private static final double NEAR = 25;

    private static final double FAR = 8;
    private static final long NEAR_BYTES = 8 << 20;

    static FourierCost of(Node root, int size) {
        OverlapSave tiling = OverlapSave.of(root, size);
        long inputs = root.in(0).shape().extent(1);
        long outputs = (long) Math.ceilDiv(root.shape().extent(1), Panels.BLOCK) * Panels.BLOCK;
        long pairs = tiling.pairs();
        boolean isDepthwise = ((Conv) root.op()).groups() > 1;
        long products = isDepthwise ? outputs : inputs * outputs;
        long vectors = Math.ceilDiv(inputs, Panels.BLOCK);
        return new FourierCost(
                size,
                4 * pairs * size * size * products,
                pairs * (vectors * 2 * size + outputs / Panels.BLOCK * (size + tiling.rows())),
                4 * products * size * (size + 2),
                isDepthwise ? 0 : 8 * pairs * size * size * (inputs + outputs));
    }

    /** About how many cycles of one core it takes. */
    double cycles() {
        double line = 1.7 * size * (Math.log(size) / Math.log(2));
        double weights = weightBytes / (weightBytes > NEAR_BYTES ? FAR : NEAR);
        return multiplyAdds / PER_CYCLE / EFFICIENCY
                + lines * line
                + weights
                + 2 * spectrumBytes / NEAR;
    }

    private static double directCycles(Node root) {
        Conv conv = (Conv) root.op();
        Window window = conv.window();
        int groups = conv.groups();
        long depth = (long) root.in(0).shape().extent(1) / groups * window.taps();
        boolean isWide = groups > 1 && window.kernel().getLast() > NARROW;
        return (double) root.shape().count()
                * depth
                / PER_CYCLE
                / (isWide ? WIDE_DEPTHWISE_EFFICIENCY : DIRECT_EFFICIENCY);
    }

    /** The quickest lowering of {@code root} in the frequency domain, if it pays. */
    static Optional<Lowering> best(Node root, Stream<Lowering> candidates) {
        return candidates
                .filter(lowering -> size(lowering) > 0)
                .filter(_ -> ((Conv) root.op()).window().taps() >= LEAST_TAPS)
                .min(Comparator.comparingDouble(l -> of(root, size(l)).cycles()))
                .filter(l -> of(root, size(l)).cycles() < directCycles(root));
    }

    private static int size(Lowering lowering) {
        return switch (lowering) {
            case FftConv(int size) -> size;
            case FftDepthwiseConv(int size) -> size;
            default -> 0;
        };
    }
}
