package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * Convolution of every channel with its own kernel: a vector holds neighbouring channels, a tile
 * neighbouring pixels.
 */
final class DepthwiseConv implements Lowering {
    /** Layers with less than one part in so many of a network do not repay a tile of their own. */
    private static final int LARGE = 400;

    /** Kernels of more columns are read again for every pixel. */
    private static final int MOST_IN_REGISTERS = 7;

    /**
     * Maps of up to this many rows are cut into chunks of channels, not into rows, as {@link
     * PanelDriver} divides layers of many weights: threads then find in their caches what they
     * computed themselves.
     */
    private static final int FEW_ROWS = 8;

    private static final int CHUNK = 64;

    /** Rows of larger maps that one vector of channels passes before the next one does. */
    private static final int BAND = 28;

    @Override
    public String name() {
        return "depthwise";
    }

    @Override
    public boolean accepts(Node root) {
        return isDepthwise(root)
                && root.op() instanceof Conv(Window window, _)
                && window.rank() <= 2;
    }

    static boolean isDepthwise(Node root) {
        return root.op() instanceof Conv(_, int groups)
                && groups > 1
                && root.shape().dim(1).is(groups)
                && root.in(0).shape().dim(1).is(groups)
                && root.in(1).op() instanceof Weight;
    }

    @Override
    public boolean fuses(Node node, Node value) {
        return Epilogue.fuses(node, value, 1);
    }

    @Override
    public Layout layout(Group group, Node operand) {
        return operand == group.root().in(0) && group.root().op() instanceof Conv(Window window, _)
                ? Borders.layout(window)
                : Layout.unit(1, operand.shape().rank());
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    @Override
    public Optional<Window> rows(Node root) {
        return Optional.of(((Conv) root.op()).window()).filter(window -> window.rank() == 2);
    }

    @Override
    public Work work(Node root) {
        Window window = ((Conv) root.op()).window();
        double vectors = (double) root.shape().count() / Panels.BLOCK;
        double perTap = window.kernel().getLast() > MOST_IN_REGISTERS ? 1.2 : 0.45;
        return new Work(
                0,
                vectors * (perTap * window.taps() + 1),
                (double) root.shape().extent(1) * window.taps() * Float.BYTES,
                0,
                0,
                0);
    }

    /** {@code [C/16][taps][16]}. */
    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        int channels = root.shape().extent(1);
        int taps = ((Conv) root.op()).window().taps();
        float[] dense = LinearMaps.weights(root);
        float[] packed = new float[Layout.padded(channels) * taps];
        for (int c = 0; c < channels; c++) {
            for (int tap = 0; tap < taps; tap++) {
                packed[(c / Panels.BLOCK * taps + tap) * Panels.BLOCK + c % Panels.BLOCK] =
                        dense[c * taps + tap];
            }
        }
        return packed;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((Conv) root.op()).window();
        View x = site.view(root.in(0));
        View y = site.output();
        Epilogue epilogue = new Epilogue(site, 1);
        List<View> views = new ArrayList<>(List.of(y, Borders.windows(x, window, y)));
        epilogue.operands().forEach(o -> views.add(o.view()));
        int last = window.rank() - 1;
        int rowAxis = last + 2;
        int lanes = tiles.target().lanes();
        Nest nest = Nest.over(views, List.of(1, rowAxis));
        int rows = nest.outerCount(nest.axes().size());
        boolean pairs =
                DepthwiseTile.takesTwoLines(window, tiles.target())
                        && y.extent(2) % 2 == 0
                        && epilogue.isUsual()
                        && !epilogue.readsTensors();
        int lines = pairs ? 2 : 1;
        int taps = window.taps();

        List<Stmt> body = new ArrayList<>();
        Index channel = Index.var("c");
        for (int v = 0; v < views.size(); v++) {
            body.add(
                    new Stmt.Bind(
                            "base" + v,
                            nest.outerOffset(v, nest.axes().size(), Index.var("task").times(lines))
                                    .plus(channel)));
        }
        Index weights =
                channel.dividedBy(Panels.BLOCK)
                        .times(taps * Panels.BLOCK)
                        .plus(channel.modulo(Panels.BLOCK))
                        .plus(site.packed());
        body.add(new Stmt.Bind("b", weights));
        int extent = y.extent(rowAxis);
        int height = Math.min(DepthwiseTile.rowsFor(window, lines, tiles.target()), extent);
        int rest = extent % height;
        Row row = new Row(views, rowAxis, lines, x, window, epilogue);
        body.add(row.call(tiles, height, 0, extent / height));
        if (rest > 0) {
            body.add(row.call(tiles, rest, extent - rest, 1));
        }
        if (!epilogue.isUsual()) {
            body.add(row.epilogue(tiles));
        }
        int tasks = rows / lines;
        if (rows > FEW_ROWS) {
            Index band = Index.var("band");
            Index end = band.plus(BAND / lines).min(Index.var("to"));
            Stmt map = loop("task", band, end, 1, block(body));
            Stmt channels = new Stmt.For("c", Index.of(0), Index.of(y.extent(1)), lanes, map);
            Stmt driver = loop("band", Index.var("from"), Index.var("to"), BAND / lines, channels);
            return List.of(tiles.kernel(site.group().label(), tasks, driver));
        }
        Index from = Index.var("chunk").times(CHUNK);
        Index to = from.plus(CHUNK).min(Index.of(y.extent(1)));
        Stmt map = loop("task", Index.of(tasks), block(body));
        Stmt channels = new Stmt.For("c", from, to, lanes, map);
        Stmt driver = loop("chunk", Index.var("from"), Index.var("to"), 1, channels);
        int chunks = Math.ceilDiv(y.extent(1), CHUNK);
        return List.of(tiles.kernel(site.group().label(), chunks, driver));
    }

    /** What the calls of one row of pixels share. */
    private record Row(
            List<View> views, int axis, int lines, View x, Window window, Epilogue epilogue) {
        /** {@code count} tiles of {@code height} from {@code pixel} on. */
        Stmt call(Tiles tiles, int height, int pixel, int count) {
            View y = views.get(0);
            Map<String, Integer> numbers = new HashMap<>();
            numbers.put("da", x.stride(axis));
            numbers.put("ra", window.rank() == 1 ? 0 : x.stride(2) * window.dilation().getFirst());
            numbers.put("dout", y.stride(axis));
            numbers.put("lout", lines == 1 ? 0 : y.stride(2));
            Map<String, Index> values = new HashMap<>();
            numbers.forEach((name, number) -> values.put(name, Index.of(number)));
            values.put("a", Index.var("base1").plus(pixel * views.get(1).stride(axis)));
            values.put("b", Index.var("b"));
            values.put("o", Index.var("base0").plus(pixel * y.stride(axis)));
            values.put("count", Index.of(count));
            boolean isLarge = tiles.isPart((long) y.count() * window.taps(), LARGE);
            DepthwiseTile tile =
                    DepthwiseTile.of(
                            height, lines, window, tiles.target(), isLarge ? numbers : Map.of());
            List<Index> arguments = new ArrayList<>(tile.arguments(values));
            if (!epilogue.isUsual()) {
                return new Stmt.Call(tile.function(tiles), arguments);
            }
            arguments.addAll(
                    epilogue.arguments(
                            e ->
                                    Index.var("base" + (e + 2))
                                            .plus(pixel * views.get(e + 2).stride(axis)),
                            e -> views.get(e + 2).stride(axis)));
            return new Stmt.Call(tile.function(tiles, epilogue), arguments);
        }

        /** The epilogue over all pixels, whose sums are stored. */
        Stmt epilogue(Tiles tiles) {
            EpilogueRow function = new EpilogueRow(1, tiles.target().lanes());
            return function.call(
                    tiles,
                    epilogue,
                    Index.var("base0"),
                    views.get(0).stride(axis),
                    Index.var("base0"),
                    views.get(0).stride(axis),
                    e -> Index.var("base" + (e + 2)),
                    e -> views.get(e + 2).stride(axis),
                    views.get(0).extent(axis));
        }
    }
}
