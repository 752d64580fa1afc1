package org.cinnabar.passes.lower;

import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Conv;

/** What a convolution takes in the frequency domain. */
final class FourierCost {
    /** As instructions, of a transform of n numbers: to begin and end it, and over n·log n. */
    private static final double ENDS = 27;

    private static final double NUMBERS = 1.45;

    /** As instructions, of a product of a complex number in memory and its weight. */
    private static final double ELEMENT = 3.2;

    /** Multiply-adds of the complex tile take longer than those of the other tiles. */
    private static final double TILE = 1.25;

    /**
     * How often spectra pass through a distant cache: columns are written to lines far apart, read
     * once, and so are those of the products.
     */
    private static final double PASSES = 6;

    /** What of a wave's spectra stays near, in bytes. */
    private static final double NEAR = 512 << 10;

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
            return new Work(0, transforms + ELEMENT * elements, weights, 0, 0, 0);
        }
        double spectra = 2 * Float.BYTES * tiling.pairs() * area * (inputs + outputs);
        double weights = 2 * Float.BYTES * frequencies * inputs * outputs;
        int waves = FftConv.waves(root, size);
        double paid = new Panels(root.shape().extent(1), 1).paidRows();
        return new Work(
                TILE * 8 * tiling.pairs() * frequencies * inputs * paid,
                transforms,
                weights,
                (waves - 1) * weights,
                PASSES * Math.max(0, spectra - waves * NEAR),
                0);
    }
}
