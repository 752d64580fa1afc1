package org.cinnabar.passes.lower;

import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * Fully connected layers: the matrix in panels, as many rows of the input at a time as a tile
 * holds.
 */
final class Gemm implements Lowering {
    @Override
    public String name() {
        return "gemm";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Linear && root.in(1).op() instanceof Weight;
    }

    @Override
    public boolean fuses(Node node, Node value) {
        return Epilogue.fuses(node, value, value.shape().rank() - 1);
    }

    @Override
    public Layout layout(Group group, Node operand) {
        return Layout.unit(operand.shape().rank() - 1, operand.shape().rank());
    }

    @Override
    public int unitAxis(Group group) {
        return group.root().shape().rank() - 1;
    }

    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        Weight weight = (Weight) root.in(1).op();
        Panels panels = panels(root);
        float[] dense = LinearMaps.dense(weight.map());
        float[] packed = new float[panels.size()];
        for (int row = 0; row < panels.rows(); row++) {
            for (int k = 0; k < panels.depth(); k++) {
                packed[panels.at(row, k)] = dense[row * panels.depth() + k];
            }
        }
        return packed;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Panels panels = panels(root);
        View x = site.view(root.in(0));
        View y = site.output();
        View rows = new View(x.memory(), x.offset(), y.extents(), x.strides(), 0);
        PanelDriver driver =
                new PanelDriver(
                        rows,
                        y,
                        y.rank() - 1,
                        0,
                        1,
                        panels.depth(),
                        panels,
                        site.packed(),
                        new PanelDriver.Taps(1, 0, 1, 0, panels.depth()));
        return List.of(
                driver.kernel(tiles, site.group().label(), new Epilogue(site, y.rank() - 1)));
    }

    private static Panels panels(Node root) {
        return new Panels(root.in(1).shape().extent(0), root.in(1).shape().extent(1));
    }
}
