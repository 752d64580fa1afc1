package org.cinnabar.passes.lower;

import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Conv;

/** What a convolution takes in the frequency domain. */
final class FourierCost {
    /** A complex product keeps the registers less busy than a sum of plain ones. */
    private static final double PRODUCT = 1.2;

    /** Vector instructions of a transform of N numbers, over N·log N. */
    private static final double LINE = 1.4;

    /** Smaller windows are left to other lowerings. */
    private static final int LEAST_TAPS = 25;

    /** Transforms of neighbouring sizes differ less in error than inputs do. */
    static final double ERROR = 5 * Lowering.ROUNDING;

    private FourierCost() {}

    /** The work of {@code root}, dense or depthwise, in tiles of {@code size} × {@code size}. */
    static Work of(Node root, int size) {
        if (((Conv) root.op()).window().taps() < LEAST_TAPS) {
            return Work.UNKNOWN;
        }
        OverlapSave tiling = OverlapSave.of(root, size);
        double inputs = root.in(0).shape().extent(1);
        double outputs = Math.ceilDiv(root.shape().extent(1), Panels.BLOCK) * Panels.BLOCK;
        double pairs = tiling.pairs();
        double area = (double) size * size;
        boolean isDepthwise = ((Conv) root.op()).groups() > 1;
        double products = isDepthwise ? outputs : inputs * outputs;
        double vectors = Math.ceil(inputs / Panels.BLOCK);
        double lines =
                pairs * (vectors * 2 * size + outputs / Panels.BLOCK * (size + tiling.rows()));
        return new Work(
                PRODUCT * 4 * pairs * area * products,
                lines * LINE * size * Math.log(size) / Math.log(2),
                Float.BYTES * products * size * (size + 2),
                isDepthwise ? 0 : 4 * Float.BYTES * pairs * area * (inputs + outputs),
                0);
    }
}
