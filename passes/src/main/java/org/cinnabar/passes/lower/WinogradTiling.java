package org.cinnabar.passes.lower;

import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.passes.transform.CookToom;

/**
 * How a convolution is cut for Winograd's algorithm: tiles of outputs, chunks of tiles that fit
 * into the cache once transformed, and the scratch memory that they need. Maps with one spatial
 * axis have one row.
 *
 * @param images the batch
 * @param inputs channels of one group
 * @param outputs channels of one group
 * @param storage how constant filters are stored
 */
record WinogradTiling(
        int images, int groups, int inputs, int outputs, Axis rows, Axis columns, Storage storage) {
    /** How constant filters are stored. */
    enum Storage {
        TRANSFORMED,
        /** Transformed, in fewer bits. */
        TRANSFORMED_FP24,
        TRANSFORMED_INT16,
        /** As they are, to be transformed in every run. */
        ONLINE;

        /** What names of lowerings end in. */
        String suffix() {
            return this == ONLINE ? "-online" : precision().suffix();
        }

        Precision precision() {
            return switch (this) {
                case TRANSFORMED, ONLINE -> Precisions.FP32;
                case TRANSFORMED_FP24 -> Precisions.FP24;
                case TRANSFORMED_INT16 -> Precisions.INT16;
            };
        }
    }

    /** One spatial axis: its outputs and the algorithm along it. */
    record Axis(int extent, CookToom algorithm) {
        int tiles() {
            return Math.ceilDiv(extent, step());
        }

        /** Outputs of a tile. */
        int step() {
            return algorithm.outputs();
        }

        /** Inputs from the first of a tile to that of its neighbour. */
        int advance() {
            return step() * algorithm.stride();
        }

        /** Inputs of a tile, and numbers that they become. */
        int size() {
            return algorithm.size();
        }

        /** Whether the algorithm leaves this axis alone. */
        boolean isPlain() {
            return size() == 1;
        }

        /** What becomes of the inputs of a tile. */
        TileTransform.Axis inputs() {
            return new TileTransform.Axis(algorithm.inputCircuit(), advance());
        }
    }

    /** Numbers of transformed input that a chunk should not exceed. */
    private static final int CHUNK = 128 << 10;

    /** Filters of more numbers, transformed, leave the near cache before the next chunk. */
    private static final int MANY_FILTERS = 1 << 20;

    /** Maps of at most this many tiles are one chunk. */
    private static final int ONE_CHUNK = 64;

    /** Channels whose rows are transformed together. */
    private static final int BLOCK = 64;

    /** Where two neighbours along an axis do not fall on the same cache set. */
    private static final int SKEW = 16;

    /**
     * The tiling of {@code root} in tiles of {@code step} outputs; empty if it is no convolution
     * that the algorithm speeds up. Unless constant filters are stored as they are multiplied,
     * there has to be one place only where each is used.
     */
    static Optional<WinogradTiling> of(Node root, int step, Storage storage) {
        if (!(root.op() instanceof Conv(Window window, int groups))
                || isComputed(root) && groups != 1
                || window.rank() > 2
                || !window.dilation().stream().allMatch(d -> d == 1)) {
            return Optional.empty();
        }
        int last = window.rank() - 1;
        int inputs = root.in(0).shape().extent(1) / groups;
        int outputs = root.shape().extent(1) / groups;
        int taps = 1;
        int size = 1;
        for (int axis = 0; axis <= last; axis++) {
            int kernel = window.kernel().get(axis);
            int stride = window.stride().get(axis);
            if (kernel < stride || kernel == 1 && stride > 1) {
                return Optional.empty();
            }
            taps = Math.max(taps, Math.ceilDiv(kernel, stride));
            size = Math.max(size, stride * (step - 1) + kernel);
        }
        boolean isLine = window.kernel().stream().filter(k -> k > 1).count() == 1;
        boolean isFast =
                taps > 1
                        && size <= (isLine ? LONGEST : LARGEST)
                        && Math.min(inputs, outputs) >= Panels.BLOCK / 2
                        && (groups == 1 || outputs % Panels.BLOCK == 0)
                        && (storage.precision() == Precisions.FP32
                                || outputs % storage.precision().width() == 0);
        if (!isFast) {
            return Optional.empty();
        }
        Axis columns = axis(root, window, last, step);
        Axis rows = last == 0 ? new Axis(1, new CookToom(1, 1)) : axis(root, window, 0, step);
        WinogradTiling tiling =
                new WinogradTiling(
                        root.shape().extent(0), groups, inputs, outputs, rows, columns, storage);
        boolean fits =
                switch (storage) {
                    case TRANSFORMED -> true;
                    case TRANSFORMED_FP24, TRANSFORMED_INT16 ->
                            !isComputed(root) && groups == 1 && tiling.chunks() == 1;
                    case ONLINE -> !isComputed(root) && tiling.usesFiltersOnce();
                };
        return fits ? Optional.of(tiling) : Optional.empty();
    }

    /** Largest tiles along both axes that are accurate enough, and pay with a stride. */
    private static final int LARGEST = 8;

    /** The same where only one axis is transformed. */
    private static final int LONGEST = 10;

    /** Whether the filters of {@code root} are only known at run time. */
    static boolean isComputed(Node root) {
        return !(root.in(1).op() instanceof Weight);
    }

    private static Axis axis(Node root, Window window, int axis, int step) {
        int kernel = window.kernel().get(axis);
        return new Axis(
                root.shape().extent(axis + 2),
                kernel == 1
                        ? new CookToom(1, 1)
                        : new CookToom(step, kernel, window.stride().get(axis)));
    }

    /** Products per tile and pair of channels. */
    int products() {
        return rows.size() * columns.size();
    }

    /** The filters of one group, transformed: {@code [product][input channel]}. */
    Panels panels() {
        return new Panels(outputs, products() * inputs, storage.precision(), products());
    }

    /** What is stored of one group's constant filters: those, or {@code [tap][input channel]}. */
    Panels stored() {
        int taps = rows.algorithm().taps() * columns.algorithm().taps();
        return isOnline() ? new Panels(outputs, taps * inputs) : panels();
    }

    /** Whether constant filters are transformed in every run. */
    boolean isOnline() {
        return storage == Storage.ONLINE;
    }

    private boolean usesFiltersOnce() {
        return chunks() == 1 && !rows.isPlain() && !columns.isPlain();
    }

    /** Distance between neighbours in a row of the transformed filters of one panel. */
    int filterColumn() {
        return inputs * Panels.WIDTH + SKEW;
    }

    /** Numbers of such a row, if there is one. */
    int filterSize() {
        return isOnline() ? columns.size() * filterColumn() : 0;
    }

    /** Panels of one group. */
    int panelCount() {
        return panels().full() + (panels().hasNarrow() ? 1 : 0);
    }

    /** Rows of tiles in all images. */
    int tileRows() {
        return images * rows.tiles();
    }

    int tiles() {
        return tileRows() * columns.tiles();
    }

    /** Channels of all groups in whole vectors. */
    int channels() {
        return Layout.padded(groups * inputs);
    }

    /** Distance in transformed input between tiles. */
    int pitch() {
        return Layout.pitch(channels());
    }

    /** Larger chunks read filters less often, which counts where those are not in the cache. */
    private int chunk() {
        return hasManyFilters() ? 2 * CHUNK : CHUNK;
    }

    private boolean hasManyFilters() {
        return (long) products() * inputs * outputs > MANY_FILTERS;
    }

    private int wantedTiles() {
        return tiles() <= ONE_CHUNK
                ? tiles()
                : Math.clamp(chunk() / (products() * channels()), 14, 2 * ONE_CHUNK);
    }

    /**
     * Bands of whole rows of tiles that chunks are cut from, all about as high: an even number for
     * the sake of two threads, or one if they can share its panels.
     */
    int bands() {
        int rows = Math.clamp(wantedTiles() / columns.tiles(), 1, tileRows());
        int bands = Math.ceilDiv(tileRows(), rows);
        return bands == 1 && groups * panelCount() > 1
                ? 1
                : Math.min(bands + bands % 2, tileRows());
    }

    /** Rows of tiles in the highest chunk. */
    int chunkRows() {
        return Math.ceilDiv(tileRows(), bands());
    }

    /** Tiles of each row in a chunk: all, or a part of one row. */
    int chunkColumns() {
        int parts = Math.ceilDiv(columns.tiles(), Math.max(wantedTiles(), 1));
        return Math.ceilDiv(columns.tiles(), parts);
    }

    /** Parts of a row of tiles. */
    int parts() {
        return Math.ceilDiv(columns.tiles(), chunkColumns());
    }

    int chunks() {
        return bands() * parts();
    }

    int chunkTiles() {
        return chunkRows() * chunkColumns();
    }

    /** Tiles of a chunk, and more where they are multiplied in blocks that exceed their number. */
    private int multipliedTiles() {
        int most = 0;
        for (Target target : Target.ALL) {
            int height = height(target);
            most = Math.max(most, Math.ceilDiv(chunkTiles(), height) * height);
        }
        return most;
    }

    int blockChannels() {
        return Math.min(BLOCK, channels());
    }

    int blocks() {
        return Math.ceilDiv(channels(), blockChannels());
    }

    /** Distance in transformed input between neighbours along the tile's columns. */
    int inputColumn() {
        return multipliedTiles() * pitch() + SKEW;
    }

    int inputRow() {
        return columns.size() * inputColumn();
    }

    /** Numbers of transformed input of a chunk. */
    int inputSize() {
        return rows.size() * inputRow();
    }

    /** Distance between rows of a strip whose columns are not transformed yet. */
    int stripRow() {
        int pixels = (chunkColumns() - 1) * columns.advance() + columns.size();
        return pixels * blockChannels() + SKEW;
    }

    int stripSize() {
        return rows.isPlain() || columns.isPlain() ? 0 : rows.size() * stripRow();
    }

    /** Distance in products between neighbours along the tile's columns. */
    int productColumn() {
        return multipliedTiles() * panels().width() + SKEW;
    }

    int productRow() {
        return columns.size() * productColumn();
    }

    int productSize() {
        return rows.size() * productRow();
    }

    /** Numbers of products of which only the rows are transformed back. */
    int halfSize() {
        return rows.isPlain() ? 0 : rows.step() * productRow();
    }

    /**
     * Tiles that {@code target} multiplies at a time: whole blocks cover a chunk with least waste.
     */
    int height(Target target) {
        int vectors = storage.precision().vectors(target, panels().width());
        boolean isTall = isTall(target);
        int most =
                Math.min(
                        isTall ? target.tallest(readsFromFar()) : target.mostRows(vectors),
                        chunkTiles());
        int best = Math.min(target.rows() * target.vectors() / vectors, most);
        for (int height = 1; height <= most; height++) {
            if (cost(target, height, isTall) < cost(target, best, isTall)) {
                best = height;
            }
        }
        return best;
    }

    private int cost(Target target, int height, boolean isTall) {
        int each = isTall ? target.tallCost(height) : Math.max(height, 4) * 8 + 1;
        return Math.ceilDiv(chunkTiles(), height) * each;
    }

    /** Whether the products' tiles may be as {@link Target#tallRowsFor} has them. */
    boolean isTall(Target target) {
        return target.hasTall()
                && storage.precision().vectors(target, panels().width()) == target.vectors();
    }

    /** Whether filters come from beyond the near cache, and so had better be asked for. */
    boolean readsFromFar() {
        return !isOnline() && (chunks() == 1 || hasManyFilters());
    }

    Work work() {
        int height = height(Target.LANES_16);
        double rounded =
                (double) chunks() * Math.ceilDiv(chunkTiles(), height) * Math.max(height, 4);
        double width = groups * panels().paidRows();
        double weights = (double) groups * stored().size() * Float.BYTES;
        double tiles = tiles();
        double inputs = tiles * channels() / Panels.BLOCK;
        double outputs = tiles * width / Panels.BLOCK;
        double instructions =
                inputs
                                * (columns.advance()
                                                * vectors(rows.size(), rows.size(), rows.isPlain())
                                        + rows.size()
                                                * vectors(
                                                        columns.size(),
                                                        columns.size(),
                                                        columns.isPlain()))
                        + outputs
                                * (columns.size()
                                                * vectors(rows.size(), rows.step(), rows.isPlain())
                                        + rows.step()
                                                * vectors(
                                                        columns.size(), 3 * columns.step(), false));
        double passes = panelCount() * groups * (double) inputSize() * Float.BYTES * chunks();
        Work work =
                new Work(
                        rounded * products() * inputs() * width,
                        instructions,
                        weights,
                        (chunks() - 1) * weights,
                        memoryIsLarge() ? passes : 0,
                        rounded / height * products() * width / Panels.WIDTH);
        return isOnline()
                ? work.plus(filterWork())
                : work.plus(
                        storage.precision()
                                .work(panels().count(), Math.ceilDiv(chunkTiles(), height)));
    }

    /** What transforming filters in a run takes; online, each row of the result reads all taps. */
    Work filterWork() {
        double filters = inputs * groups * panels().paidRows() / Panels.BLOCK;
        int taps = columns.algorithm().taps();
        int rowTaps = rows.algorithm().taps();
        double toRows =
                isOnline()
                        ? rows.size() * vectors(rowTaps, 1, false)
                        : vectors(rowTaps, rows.size(), false);
        return Work.ofVectors(
                filters * (taps * toRows + rows.size() * vectors(taps, columns.size(), false)));
    }

    private boolean memoryIsLarge() {
        return inputSize() > 2 * chunk();
    }

    /** Loads, arithmetic and stores of a transform of one vector. */
    static double vectors(int from, int to, boolean isPlain) {
        return isPlain ? 0 : 1.5 * (from + to);
    }
}
