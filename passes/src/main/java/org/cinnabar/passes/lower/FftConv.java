package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Window;
import org.cinnabar.passes.lower.FourierLines.Lines;

/**
 * Convolution in the frequency domain, in tiles of {@code size} × {@code size}: transforms of every
 * input channel, for every frequency one product of complex matrices that sums over channels,
 * transforms of every output channel back. The filters are transformed when the model is compiled.
 *
 * <p>Mathieu, Henaff and LeCun, Fast Training of Convolutional Networks through FFTs, 2014.
 */
record FftConv(int size) implements Lowering {
    /** Numbers of input and output spectra that are worked on at a time. */
    private static final int WAVE = 1 << 22;

    /** Numbers of a transformed filter bank beyond which no gain in time is worth the memory. */
    private static final long MOST_WEIGHTS = 1 << 27;

    FftConv {
        requireTransform(size);
    }

    /** Rejects a {@code size} that is odd or of which there is no transform. */
    static void requireTransform(int size) {
        if (size % 2 != 0 || !FourierLines.handles(size)) {
            throw new IllegalArgumentException("no transform of " + size + " numbers");
        }
    }

    @Override
    public String name() {
        return "fft" + size;
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Conv(Window window, int groups)
                && groups == 1
                && OverlapSave.suits(root, window, size)
                && (long) frequencies() * panels(root).size() <= MOST_WEIGHTS;
    }

    @Override
    public boolean fuses(Node node, Node value) {
        return Epilogue.fuses(node, value, 1);
    }

    @Override
    public Layout layout(Group group, Node operand) {
        return operand == group.root().in(0)
                ? OverlapSave.of(group.root(), size).layout(group.root())
                : Layout.unit(1, operand.shape().rank());
    }

    @Override
    public Work work(Node root) {
        return FourierCost.of(root, size);
    }

    @Override
    public double error(Node root) {
        return FourierCost.ERROR;
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    /** How many frequencies are computed together with their opposites. */
    private int frequencies() {
        return (size / 2 - 1) * size + 2 * (size / 2 + 1);
    }

    /** The place of frequency (u, v) among them. */
    private int frequency(int u, int v) {
        int whole = (size / 2 - 1) * size;
        return u == 0 ? whole + v : u == size / 2 ? whole + size / 2 + 1 + v : (u - 1) * size + v;
    }

    private static Panels panels(Node root) {
        return new Panels(root.shape().extent(1), 2 * root.in(0).shape().extent(1));
    }

    /** {@code [frequency][panel][input channel][part][output channel]}, then the rotations. */
    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        Panels panels = panels(root);
        int inputs = root.in(0).shape().extent(1);
        float[] rotations = FourierLines.rotations(size);
        int spectrum = Math.multiplyExact(frequencies(), panels.size());
        float[] packed = new float[spectrum + rotations.length];
        System.arraycopy(rotations, 0, packed, spectrum, rotations.length);
        new Spectrum(root, size)
                .compute(
                        u -> u % (size / 2) == 0 ? size / 2 + 1 : size,
                        (u, v, first, re, im) -> {
                            int at = frequency(u, v) * panels.size();
                            for (int f = 0; f < re.length; f++) {
                                int row = (first + f) / inputs;
                                int channel = (first + f) % inputs;
                                packed[at + panels.at(row, 2 * channel)] = (float) re[f];
                                packed[at + panels.at(row, 2 * channel + 1)] = (float) im[f];
                            }
                        });
        return packed;
    }

    /** The spectra of a wave's inputs or outputs: {@code [u][v][pair][part][channel]}. */
    private record Spectra(int size, int offset, int pairs, boolean hasLone, int channels) {
        /** Of one pair. */
        int pair() {
            return 2 * channels;
        }

        /** Of one frequency; an odd number of cache lines. */
        int frequency() {
            return pairs * pair() + Panels.BLOCK;
        }

        int length() {
            return Math.multiplyExact(size * size, frequency());
        }

        /** The columns of {@code pair} and {@code channel}. */
        Lines columns(Index pair, Index channel) {
            Index re = pair.times(pair()).plus(channel).plus(offset);
            return new Lines(re, re.plus(channels), frequency(), size * frequency());
        }
    }

    private static int padded(int channels) {
        return Math.ceilDiv(channels, Panels.WIDTH) * Panels.WIDTH;
    }

    private Spectra spectra(int channels, int offset, int pairs, boolean hasLone) {
        return new Spectra(size, offset, pairs, hasLone, padded(channels));
    }

    /** Pairs of tiles in a wave. */
    private int wave(Node root) {
        return wave(root, size);
    }

    /** How often the weights of {@code root} are read, computed in tiles of {@code size}. */
    static int waves(Node root, int size) {
        return Math.ceilDiv(OverlapSave.of(root, size).pairs(), wave(root, size));
    }

    private static int wave(Node root, int size) {
        int inputs = padded(root.in(0).shape().extent(1));
        int outputs = padded(root.shape().extent(1));
        int pairs = OverlapSave.of(root, size).pairs();
        int most = Math.max(4, WAVE / (2 * size * size * (inputs + outputs)));
        return Math.ceilDiv(pairs, Math.ceilDiv(pairs, most));
    }

    @Override
    public int scratch(Group group) {
        Node root = group.root();
        int wave = wave(root);
        int inputs = spectra(root.in(0).shape().extent(1), 0, wave, false).length();
        int outputs = spectra(root.shape().extent(1), 0, wave, false).length();
        return Math.addExact(inputs, outputs);
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((Conv) root.op()).window();
        OverlapSave tiling = OverlapSave.of(root, size);
        View y = site.output();
        View x = Borders.windows(site.view(root.in(0)), window, y);
        int rotations = site.packed() + frequencies() * panels(root).size();
        Epilogue epilogue = new Epilogue(site, 1);
        ComplexTile tile = new ComplexTile(tiling, tiles, rotations);
        int channels = root.in(0).shape().extent(1);
        int wave = wave(root);
        List<Kernel> kernels = new ArrayList<>();
        for (int first = 0; first < tiling.pairs(); first += wave) {
            int pairs = Math.min(wave, tiling.pairs() - first);
            boolean hasLone = tiling.hasLone() && first + pairs == tiling.pairs();
            Spectra in = spectra(channels, site.scratch(), pairs, hasLone);
            Spectra out = spectra(y.extent(1), in.offset() + in.length(), pairs, hasLone);
            Index pair = Index.var("pair").plus(-first);
            List<Stmt> forward = new ArrayList<>(tile.rowsOf(x));
            forward.add(tile.columnsTo(in.columns(pair, Index.var("channel"))));
            List<Stmt> back = new ArrayList<>();
            back.add(tile.columnsFrom(out.columns(pair, Index.var("channel"))));
            back.addAll(tile.results(y, epilogue));
            String label = site.group().label();
            kernels.add(tile.kernel(label, first, pairs, channels, forward));
            kernels.add(products(label, tiles, root, in, out, site.packed()));
            kernels.add(tile.kernel(label, first, pairs, y.extent(1), back));
        }
        return kernels;
    }

    /** For every frequency, with its opposite, the product of matrices. */
    private Kernel products(
            String label, Tiles tiles, Node root, Spectra in, Spectra out, int packed) {
        int half = size / 2;
        int whole = (half - 1) * size;
        Index h = Index.var("h");
        Index edge = h.plus(-whole);
        Stmt inner =
                loop(
                        "h",
                        Index.var("from"),
                        Index.var("to").min(Index.of(whole)),
                        1,
                        products(
                                tiles,
                                root,
                                in,
                                out,
                                packed,
                                h.dividedBy(size).plus(1),
                                h.modulo(size)));
        Stmt outer =
                loop(
                        "h",
                        Index.var("from").max(Index.of(whole)),
                        Index.var("to"),
                        1,
                        products(
                                tiles,
                                root,
                                in,
                                out,
                                packed,
                                edge.dividedBy(half + 1).times(half),
                                edge.modulo(half + 1)));
        return tiles.kernel(label, frequencies(), block(inner, outer));
    }

    private Stmt products(
            Tiles tiles, Node root, Spectra in, Spectra out, int packed, Index u, Index v) {
        Panels panels = panels(root);
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind("u", u));
        body.add(new Stmt.Bind("v", v));
        body.add(new Stmt.Bind("f", Index.var("u").times(size).plus(Index.var("v"))));
        Index opposite =
                Code.minus(Index.of(size), Index.var("u"))
                        .modulo(size)
                        .times(size)
                        .plus(Code.minus(Index.of(size), Index.var("v")).modulo(size));
        body.add(new Stmt.Bind("g", opposite));
        body.add(new Stmt.Bind("first", Index.var("h").times(panels.size()).plus(packed)));
        if (panels.full() > 0) {
            Stmt panel = panel(tiles, root, in, out, Index.var("panel"), Panels.WIDTH);
            body.add(loop("panel", Index.of(panels.full()), panel));
        }
        if (panels.hasNarrow()) {
            body.add(panel(tiles, root, in, out, Index.of(panels.full()), Panels.BLOCK));
        }
        return block(body);
    }

    private static Stmt panel(
            Tiles tiles, Node root, Spectra in, Spectra out, Index panel, int width) {
        Target target = tiles.target();
        int vectors = Math.min(FrequencyTile.vectors(target), width / target.lanes());
        Index part = Index.var("part");
        Index b = panel.times(panels(root).stride()).plus(Index.var("first")).plus(part);
        Index channel = panel.times(Panels.WIDTH).plus(part);
        int full = in.hasLone() ? in.pairs() - 1 : in.pairs();
        int height = Math.clamp(full, 1, FrequencyTile.height(target));
        int rest = full % height;
        List<Stmt> body = new ArrayList<>();
        if (full >= height) {
            FrequencyTile tile = new FrequencyTile(height, false, vectors, target.lanes(), width);
            Stmt call = call(tile, tiles, root, in, out, Index.var("p"), b, channel);
            body.add(loop("p", Index.of(0), Index.of(full - rest), height, call));
        }
        if (rest > 0) {
            FrequencyTile tile = new FrequencyTile(rest, false, vectors, target.lanes(), width);
            body.add(call(tile, tiles, root, in, out, Index.of(full - rest), b, channel));
        }
        if (in.hasLone()) {
            FrequencyTile tile = new FrequencyTile(1, true, vectors, target.lanes(), width);
            body.add(call(tile, tiles, root, in, out, Index.of(full), b, channel));
        }
        int step = vectors * target.lanes();
        return new Stmt.For("part", Index.of(0), Index.of(width), step, block(body));
    }

    private static Stmt call(
            FrequencyTile tile,
            Tiles tiles,
            Node root,
            Spectra in,
            Spectra out,
            Index pair,
            Index b,
            Index channel) {
        Index from = pair.times(in.pair()).plus(in.offset());
        Index to = pair.times(out.pair()).plus(out.offset()).plus(channel);
        List<Index> arguments =
                List.of(
                        Index.var("f").times(in.frequency()).plus(from),
                        Index.var("g").times(in.frequency()).plus(from),
                        Index.of(in.pair()),
                        Index.of(in.channels()),
                        b,
                        Index.var("f").times(out.frequency()).plus(to),
                        Index.var("g").times(out.frequency()).plus(to),
                        Index.of(out.pair()),
                        Index.of(out.channels()),
                        Index.of(root.in(0).shape().extent(1)));
        return new Stmt.Call(tile.function(tiles), arguments);
    }
}
