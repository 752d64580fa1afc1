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
 * Convolution of every channel with its own kernel, in the frequency domain in tiles of {@code
 * size} × {@code size}: each column of a tile is transformed, multiplied and transformed back while
 * it is in the first-level cache.
 */
record FftDepthwiseConv(int size) implements Lowering {
    FftDepthwiseConv {
        FftConv.requireTransform(size);
    }

    @Override
    public String name() {
        return "fft" + size;
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Conv(Window window, int groups)
                && groups > 1
                && root.shape().dim(1).is(groups)
                && root.in(0).shape().dim(1).is(groups)
                && OverlapSave.suits(root, window, size);
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

    /** Numbers between columns of weights; the first frequency follows the last one again. */
    private int column() {
        return 2 * Panels.BLOCK * (size + 1);
    }

    private int spectrum(Node root) {
        int blocks = Math.ceilDiv(root.shape().extent(1), Panels.BLOCK);
        return Math.multiplyExact(blocks * (size / 2 + 1), column());
    }

    /** {@code [C/16][u][v][part][16]}, {@code u} up to the middle; then the rotations. */
    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        float[] rotations = FourierLines.rotations(size);
        int spectrum = spectrum(root);
        float[] packed = new float[spectrum + rotations.length];
        System.arraycopy(rotations, 0, packed, spectrum, rotations.length);
        new Spectrum(root, size)
                .compute(
                        _ -> size + 1,
                        (u, v, first, re, im) -> {
                            for (int i = 0; i < re.length; i++) {
                                int c = first + i;
                                int block = c / Panels.BLOCK;
                                int at =
                                        (block * (size / 2 + 1) + u) * column()
                                                + v * 2 * Panels.BLOCK
                                                + c % Panels.BLOCK;
                                packed[at] = (float) re[i];
                                packed[at + Panels.BLOCK] = (float) im[i];
                            }
                        });
        return packed;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((Conv) root.op()).window();
        OverlapSave tiling = OverlapSave.of(root, size);
        View y = site.output();
        View x = Borders.windows(site.view(root.in(0)), window, y);
        int rotations = site.packed() + spectrum(root);
        Epilogue epilogue = new Epilogue(site, 1);
        ComplexTile tile = new ComplexTile(tiling, tiles, rotations);
        List<Stmt> body = new ArrayList<>(tile.rowsOf(x));
        Index channel = Index.var("channel");
        Index b =
                channel.dividedBy(Panels.BLOCK)
                        .times((size / 2 + 1) * column())
                        .plus(channel.modulo(Panels.BLOCK))
                        .plus(site.packed());
        body.add(new Stmt.Bind("b", b));
        Index u = Index.var("u");
        Index same = u.times(column()).plus(Index.var("b"));
        Index opposite = Code.minus(Index.of(size), u).times(column()).plus(Index.var("b"));
        int number = 2 * Panels.BLOCK;
        body.add(loop("u", Index.of(size / 2 + 1), column(tiles, tile, tile.line(), same, number)));
        body.add(
                loop(
                        "u",
                        Index.of(size / 2 + 1),
                        Index.of(size),
                        1,
                        column(
                                tiles,
                                tile,
                                tile.line().swapped(),
                                opposite.plus(size * number),
                                -number)));
        body.addAll(tile.results(y, epilogue));
        return List.of(tile.kernel(site.group().label(), 0, tiling.pairs(), y.extent(1), body));
    }

    /** Column {@code u}: there, times the weights from {@code b} on, and back. */
    private Stmt column(Tiles tiles, ComplexTile tile, Lines line, Index b, int db) {
        FrequencyProduct product = new FrequencyProduct(tiles.target().lanes());
        List<Index> arguments =
                List.of(
                        line.re(),
                        line.im(),
                        Index.of(line.step()),
                        b,
                        Index.of(db),
                        Index.of(size));
        return block(
                tile.columnToLine(Index.var("u")),
                new Stmt.Call(product.function(tiles), arguments),
                tile.columnFromLine(Index.var("u")));
    }
}
