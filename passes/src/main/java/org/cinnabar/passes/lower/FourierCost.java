package org.cinnabar.passes.lower;

import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Conv;

/** What a convolution takes in the frequency domain. */
final class FourierCost {
    /** As instructions, of a transform of n numbers: to begin and end it, and over n·log n. */
    private static final double ENDS = 32;

    private static final double NUMBERS = 1.7;

    /** As instructions, of a product of a complex number in memory and its weight. */
    private static final double ELEMENT = 3.2;

    /** Smaller windows are left to other lowerings. */
    private static final int LEAST_TAPS = 25;

    /** Every sum is short: of a transform's steps, and over channels. */
    static final double ERROR = Lowering.ROUNDING;

    private FourierCost() {}

    /** The work of {@code root}, dense or depthwise, in tiles of {@code size} × {@code size}. */
    static Work of(Node root, int size) {
        if (((Conv) root.op()).window().taps() < LEAST_TAPS) {
            return Work.UNKNOWN;
        }
        OverlapSave tiling = OverlapSave.of(root, size);
        boolean isDepthwise = ((Conv) root.op()).groups() > 1;
        double inputs = root.in(0).shape().extent(1);
        double outputVectors = Math.ceilDiv(root.shape().extent(1), Panels.BLOCK);
        double outputs = outputVectors * Panels.BLOCK;
        double lines =
                tiling.pairs()
                        * (Math.ceil(inputs / Panels.BLOCK) * 2 * size
                                + outputVectors * (size + tiling.rows()));
        double transforms = lines * (ENDS + NUMBERS * size * Math.log(size) / Math.log(2));
        double area = (double) size * size;
        double frequencies = area / 2 + 2;
        if (isDepthwise) {
            double elements = tiling.pairs() * area * outputVectors;
            double weights = 2 * Float.BYTES * frequencies * outputs;
            return new Work(0, transforms + ELEMENT * elements, weights, 0, 0);
        }
        double spectra = 2 * Float.BYTES * tiling.pairs() * area * (inputs + outputs);
        return new Work(
                4 * tiling.tiles() * frequencies * inputs * outputs,
                transforms,
                2 * Float.BYTES * frequencies * inputs * outputs,
                spectra,
                0);
    }
}
