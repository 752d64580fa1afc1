package org.cinnabar.passes.lower;

import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Window;
import org.cinnabar.passes.transform.CookToom;

/**
 * How a correlation is cut for Winograd's algorithm: positions into tiles, rows of tiles into parts
 * that are summed by different tasks, and these into chunks that stay in the second-level cache.
 * Maps with one spatial axis have one row.
 *
 * @param images the batch
 * @param inputs channels of the input
 * @param outputs channels of the gradient
 */
record CorrelateTiling(int images, int inputs, int outputs, Axis rows, Axis columns) {
    /**
     * One spatial axis: its positions and the algorithm along it, whose taps are the positions of a
     * tile, and whose outputs those of the kernel.
     */
    record Axis(int extent, CookToom algorithm) {
        int tiles() {
            return Math.ceilDiv(extent, step());
        }

        int step() {
            return algorithm.taps();
        }

        int size() {
            return algorithm.size();
        }

        /** Positions by which whole tiles exceed the map. */
        int beyond() {
            return tiles() * step() - extent;
        }
    }

    /** Largest tiles along both axes that are accurate enough, and along one. */
    private static final int LARGEST = 8;

    private static final int LONGEST = 10;

    /** Sums that all parts may have together. */
    private static final int MOST_SUMS = 8 << 20;

    private static final int MOST_PARTS = 8;

    /** Tiles of a chunk: enough to repay reading and writing all sums. */
    private static final int CHUNK = 64;

    /** Channels whose rows are transformed together. */
    private static final int BLOCK = 64;

    /** Input channels of a task of the transform back. */
    static final int BACK = 4;

    /** Where two neighbours along an axis do not fall on the same cache set. */
    private static final int SKEW = 16;

    /**
     * The tiling of {@code root} in tiles of {@code step} positions; empty if it is no correlation
     * that the algorithm speeds up.
     */
    static Optional<CorrelateTiling> of(Node root, int step) {
        if (!(root.op() instanceof Correlate(Window window, int groups))
                || groups != 1
                || window.rank() > 2
                || !window.stride().stream().allMatch(s -> s == 1)
                || !window.dilation().stream().allMatch(d -> d == 1)) {
            return Optional.empty();
        }
        Node x = root.in(0);
        Node z = root.in(1);
        int taps = window.kernel().stream().mapToInt(k -> k).max().orElse(1);
        int inputs = x.shape().extent(1);
        int outputs = z.shape().extent(1);
        boolean isFast =
                taps > 1
                        && taps + step - 1 <= (window.taps() == taps ? LONGEST : LARGEST)
                        && Math.min(inputs, outputs) >= Panels.BLOCK / 2;
        if (!isFast) {
            return Optional.empty();
        }
        int last = window.rank() - 1;
        Axis columns = axis(z.shape().extent(last + 2), step, window.kernel().get(last));
        Axis rows =
                last == 0
                        ? axis(1, 1, 1)
                        : axis(z.shape().extent(2), step, window.kernel().getFirst());
        return Optional.of(
                new CorrelateTiling(x.shape().extent(0), inputs, outputs, rows, columns));
    }

    private static Axis axis(int extent, int step, int taps) {
        return new Axis(extent, taps == 1 ? new CookToom(1, 1) : new CookToom(taps, step));
    }

    /** What becomes of the input. */
    TileTransform ofInputs() {
        return new TileTransform(
                "winograd_in",
                new TileTransform.Axis(rows.algorithm().inputCircuit(), rows.step()),
                new TileTransform.Axis(columns.algorithm().inputCircuit(), columns.step()));
    }

    /** What becomes of the gradient. */
    TileTransform ofGradients() {
        return new TileTransform(
                "winograd_gradient",
                new TileTransform.Axis(rows.algorithm().filterCircuit(), rows.step()),
                new TileTransform.Axis(columns.algorithm().filterCircuit(), columns.step()));
    }

    /** What becomes of the sums. */
    PlaneTransform back() {
        return new PlaneTransform(
                "winograd_kernel",
                rows.algorithm().outputCircuit(0, rows.algorithm().outputs()),
                columns.algorithm().outputCircuit(0, columns.algorithm().outputs()));
    }

    /** Products per tile and pair of channels. */
    int products() {
        return rows.size() * columns.size();
    }

    /** Channels of the input in whole vectors. */
    int paddedInputs() {
        return Layout.padded(inputs);
    }

    /** Channels of the gradient in whole vectors. */
    int paddedOutputs() {
        return Layout.padded(outputs);
    }

    /** Rows of tiles in all images. */
    int tileRows() {
        return images * rows.tiles();
    }

    /** Sums of one position for all pairs of channels. */
    int plane() {
        return Math.multiplyExact(paddedInputs(), paddedOutputs());
    }

    /** Sums of one part. */
    int partSize() {
        return Math.multiplyExact(products(), plane());
    }

    /**
     * Parts of the rows of tiles, each summed by a task: as many as memory allows, whatever the
     * number of threads, for the order of additions decides the last bits.
     */
    int parts() {
        int most = Math.min(MOST_PARTS, tileRows());
        return Integer.highestOneBit(Math.clamp(MOST_SUMS / partSize(), 1, most));
    }

    /** Sums of all parts. */
    int sums() {
        return Math.multiplyExact(parts(), partSize());
    }

    /** Rows of tiles in a chunk. */
    int chunkRows() {
        return Math.clamp(CHUNK / columns.tiles(), 1, Math.ceilDiv(tileRows(), parts()));
    }

    int chunkTiles() {
        return chunkRows() * columns.tiles();
    }

    /** Channels of {@code padded} whose rows are transformed together. */
    int block(int padded) {
        return Math.min(BLOCK, padded);
    }

    /** Distance between the columns of transformed tiles of {@code padded} channels. */
    int column(int padded) {
        return chunkTiles() * padded + SKEW;
    }

    /** Numbers of transformed tiles of {@code padded} channels. */
    int transformed(int padded) {
        return products() * column(padded);
    }

    /** Distance between rows of a strip of {@code transform} for {@code padded} channels. */
    int stripRow(TileTransform transform, int padded) {
        return transform.pixels(columns.tiles()) * block(padded) + SKEW;
    }

    /** Numbers that a strip of either operand may take. */
    int stripSize() {
        return Math.max(
                ofInputs().stripSize(stripRow(ofInputs(), paddedInputs())),
                ofGradients().stripSize(stripRow(ofGradients(), paddedOutputs())));
    }

    Work work() {
        double tiles = (double) tileRows() * columns.tiles();
        double chunks = Math.ceil((double) tileRows() / chunkRows());
        double a = (double) paddedInputs() / Panels.BLOCK;
        double b = (double) paddedOutputs() / Panels.BLOCK;
        double forth =
                a * vectors(rows.size(), columns.size()) + b * vectors(rows.step(), columns.step());
        double pairs = (double) products() * a * b * Panels.BLOCK;
        double sumBytes = (double) partSize() * Float.BYTES;
        int height = Target.LANES_16.mostRows();
        return new Work(
                tiles * products() * plane(),
                tiles * forth + pairs * (parts() + 3),
                0,
                2 * chunks * sumBytes,
                0,
                chunks * pairs / height / Target.LANES_16.vectors());
    }

    /** Loads, arithmetic and stores of both transforms of a tile, of one vector of channels. */
    private double vectors(int fromRows, int fromColumns) {
        return columns.step() * WinogradTiling.vectors(fromRows, rows.size(), rows.size() == 1)
                + rows.size()
                        * WinogradTiling.vectors(fromColumns, columns.size(), columns.size() == 1);
    }
}
