package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Conv;

/**
 * The transform of filters that are computed, from where they lie to panels like those of constant
 * ones. A task is a panel of some input channels.
 *
 * @param panels where the panels begin
 */
record WinogradFilters(Site site, WinogradTiling tiling, int panels) {
    /** Input channels of a task. */
    private static final int CHANNELS = 16;

    Kernel kernel(Tiles tiles) {
        int full = tiling.panels().full() * blocks();
        List<Stmt> body = new ArrayList<>();
        Index from = Index.var(Kernel.RANGE.get(0));
        Index to = Index.var(Kernel.RANGE.get(1));
        if (full > 0) {
            Index end = to.min(Index.of(full));
            body.add(loop("task", from, end, 1, block(task(tiles, Panels.WIDTH))));
        }
        if (tiling.panels().hasNarrow()) {
            Index begin = from.max(Index.of(full));
            body.add(loop("task", begin, to, 1, block(task(tiles, Panels.BLOCK))));
        }
        return tiles.kernel(
                site.group().label(),
                tiling.panelCount() * blocks(),
                transform().between(CHANNELS, Panels.WIDTH),
                block(body));
    }

    private int blocks() {
        return Math.ceilDiv(tiling.inputs(), CHANNELS);
    }

    private PlaneTransform transform() {
        return new PlaneTransform(
                "winograd_filter",
                tiling.rows().algorithm().filterCircuit(),
                tiling.columns().algorithm().filterCircuit());
    }

    private List<Stmt> task(Tiles tiles, int width) {
        Node root = site.group().root();
        View all = site.view(root.in(1));
        View filters =
                ComputedConv.kernelAxes(
                        all, root.in(0).shape().extent(1), ((Conv) root.op()).window());
        int last = filters.rank() - 1;
        Index task = Index.var("task");
        Index panel = Index.var("panel");
        Index input = Index.var("input");
        int column = tiling.inputs() * width;
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind("panel", task.dividedBy(blocks())));
        body.add(new Stmt.Bind("input", task.modulo(blocks()).times(CHANNELS)));
        body.add(
                new Stmt.Bind(
                        "source",
                        panel.times(Panels.WIDTH)
                                .plus(input.times(filters.stride(1)))
                                .plus(filters.offset())));
        body.add(
                new Stmt.Bind(
                        "target",
                        panel.times(tiling.panels().stride())
                                .plus(input.times(width))
                                .plus(panels)));
        body.add(
                transform()
                        .stmt(
                                tiles,
                                new PlaneTransform.Planes(
                                        Index.var("source"),
                                        filters.stride(2),
                                        filters.stride(last),
                                        filters.stride(1)),
                                Index.var("own"),
                                new PlaneTransform.Planes(
                                        Index.var("target"),
                                        tiling.columns().size() * column,
                                        column,
                                        width),
                                minus(Index.of(tiling.inputs()), input).min(Index.of(CHANNELS)),
                                CHANNELS,
                                width));
        return body;
    }
}
