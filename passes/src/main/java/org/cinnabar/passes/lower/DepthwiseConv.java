package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Function;
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
    /** Kernels of more columns are read again for every pixel. */
    private static final int MOST_IN_REGISTERS = 7;

    @Override
    public String name() {
        return "depthwise";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Conv(Window window, int groups)
                && window.rank() <= 2
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
    public Work work(Node root) {
        Window window = ((Conv) root.op()).window();
        double vectors = (double) root.shape().count() / Panels.BLOCK;
        double perTap = window.kernel().getLast() > MOST_IN_REGISTERS ? 1.2 : 0.45;
        return new Work(
                0,
                vectors * (perTap * window.taps() + 1),
                (double) root.shape().extent(1) * window.taps() * Float.BYTES,
                0,
                0);
    }

    /** {@code [C/16][taps][16]}. */
    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        float[] end = Epilogue.constants(group, 1);
        int channels = root.shape().extent(1);
        int taps = ((Conv) root.op()).window().taps();
        float[] dense = LinearMaps.dense(((Weight) root.in(1).op()).map());
        float[] packed = new float[size(channels, taps) + end.length];
        System.arraycopy(end, 0, packed, size(channels, taps), end.length);
        for (int c = 0; c < channels; c++) {
            for (int tap = 0; tap < taps; tap++) {
                packed[(c / Panels.BLOCK * taps + tap) * Panels.BLOCK + c % Panels.BLOCK] =
                        dense[c * taps + tap];
            }
        }
        return packed;
    }

    private static int size(int channels, int taps) {
        return Math.ceilDiv(channels, Panels.BLOCK) * Panels.BLOCK * taps;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((Conv) root.op()).window();
        View x = site.view(root.in(0));
        View y = site.output();
        Epilogue epilogue = new Epilogue(site, 1, site.packed() + size(y.extent(1), window.taps()));
        List<View> views = new ArrayList<>(List.of(y, Borders.windows(x, window, y)));
        epilogue.operands().forEach(o -> views.add(o.view()));
        int last = window.rank() - 1;
        int rowAxis = last + 2;
        int lanes = tiles.target().lanes();
        Nest nest = Nest.over(views, List.of(1, rowAxis));
        int rows = nest.outerCount(nest.axes().size());
        int taps = window.taps();

        List<Stmt> body = new ArrayList<>();
        Index channel = Index.var("c");
        for (int v = 0; v < views.size(); v++) {
            body.add(
                    new Stmt.Bind(
                            "base" + v,
                            nest.outerOffset(v, nest.axes().size(), Index.var("row"))
                                    .plus(channel)));
        }
        Index weights =
                channel.dividedBy(Panels.BLOCK)
                        .times(taps * Panels.BLOCK)
                        .plus(channel.modulo(Panels.BLOCK))
                        .plus(site.packed());
        body.add(new Stmt.Bind("b", weights));
        int extent = y.extent(rowAxis);
        int height = Math.min(DepthwiseTile.rowsFor(window, tiles.target()), extent);
        int rest = extent % height;
        DepthwiseTile tile = new DepthwiseTile(height, window, lanes);
        Stmt call = call(tile, tiles, epilogue, views, rowAxis, x, window, Index.var("p"));
        body.add(new Stmt.For("p", Index.of(0), Index.of(extent - rest), height, call));
        if (rest > 0) {
            DepthwiseTile lower = new DepthwiseTile(rest, window, lanes);
            body.add(
                    call(
                            lower,
                            tiles,
                            epilogue,
                            views,
                            rowAxis,
                            x,
                            window,
                            Index.of(extent - rest)));
        }
        Stmt channels = new Stmt.For("c", Index.of(0), Index.of(y.extent(1)), lanes, block(body));
        Stmt driver = loop("row", Index.var("from"), Index.var("to"), 1, channels);
        return List.of(tiles.kernel(site.group().label(), rows, driver));
    }

    private static Stmt call(
            DepthwiseTile tile,
            Tiles tiles,
            Epilogue epilogue,
            List<View> views,
            int rowAxis,
            View x,
            Window window,
            Index pixel) {
        Function function = tile.function(tiles, epilogue);
        List<Index> arguments = new ArrayList<>();
        int pixelStride = x.stride(rowAxis);
        int rowStride = window.rank() == 1 ? 0 : x.stride(2) * window.dilation().getFirst();
        arguments.add(pixel.times(views.get(1).stride(rowAxis)).plus(Index.var("base1")));
        arguments.add(Index.of(pixelStride));
        arguments.add(Index.of(rowStride));
        arguments.add(Index.var("b"));
        arguments.add(pixel.times(views.get(0).stride(rowAxis)).plus(Index.var("base0")));
        arguments.add(Index.of(views.get(0).stride(rowAxis)));
        arguments.addAll(
                epilogue.arguments(
                        e ->
                                pixel.times(views.get(e + 2).stride(rowAxis))
                                        .plus(Index.var("base" + (e + 2))),
                        e -> views.get(e + 2).stride(rowAxis)));
        return new Stmt.Call(function, arguments);
    }
}
