package org.cinnabar.passes.lower;

import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * Direct convolution over one and two spatial axes, dense or grouped, without im2col: with channels contiguous and a zero
 * border around the map, the sum over a window is a few flat stretches of memory. Groups narrower than a vector are computed
 * several at a time, with zeros where they do not meet.
 */
final class DirectConv implements Lowering {
    @Override
    public String name() {
        return "direct";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Conv(Window window, _) && window.rank() <= 2;
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

    /** The sizes of one convolution after narrow groups are joined. */
    private record Sizes(int outputs, int inputs, int groups, int joined, int taps) {
        static Sizes of(Node root) {
            Conv conv = (Conv) root.op();
            int groups = conv.groups();
            int outputs = root.shape().extent(1) / groups;
            int inputs = root.in(0).shape().extent(1) / groups;
            int joined = 1;
            while (joined < groups && (outputs * joined % Panels.BLOCK != 0 || groups % joined != 0)) {
                joined++;
            }
            return new Sizes(outputs, inputs, groups, joined, conv.window().taps());
        }

        Panels panels() {
            return new Panels(outputs * joined, inputs * joined * taps);
        }
    }

    @Override
    public float[] pack(Node root) {
        Sizes sizes = Sizes.of(root);
        Panels panels = sizes.panels();
        float[] dense = LinearMaps.dense(((Weight) root.in(1).op()).map());
        float[] packed = new float[Math.multiplyExact(panels.size(), sizes.groups() / sizes.joined())];
        int width = sizes.inputs() * sizes.taps();
        for (int row = 0; row < sizes.outputs() * sizes.groups(); row++) {
            int group = row / sizes.outputs();
            int base = group / sizes.joined() * panels.size();
            int within = group % sizes.joined();
            int panelRow = row % (sizes.outputs() * sizes.joined());
            for (int c = 0; c < sizes.inputs(); c++) {
                for (int tap = 0; tap < sizes.taps(); tap++) {
                    int k = tap * sizes.inputs() * sizes.joined() + within * sizes.inputs() + c;
                    packed[base + panels.at(panelRow, k)] = dense[row * width + c * sizes.taps() + tap];
                }
            }
        }
        return packed;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((Conv) root.op()).window();
        Sizes sizes = Sizes.of(root);
        View x = site.view(root.in(0));
        int channels = sizes.inputs() * sizes.joined();
        PanelDriver driver = new PanelDriver(
                Borders.windows(x, window, site.output()),
                site.output(),
                1,
                sizes.groups() / sizes.joined(),
                channels,
                sizes.panels(),
                site.packed(),
                taps(window, x, channels));
        return List.of(driver.kernel(tiles, site.group().label(), new Epilogue(site, root.in(0))));
    }

    /** A kernel row is one stretch if its pixels follow one another without gaps. */
    private static PanelDriver.Taps taps(Window window, View x, int channels) {
        int last = window.rank() - 1;
        int columns = window.kernel().get(last);
        int step = x.stride(last + 2) * window.dilation().get(last);
        int rows = last == 0 ? 1 : window.kernel().get(0);
        int rowStep = last == 0 ? 0 : x.stride(2) * window.dilation().get(0);
        if (step == channels || columns == 1) {
            return rowStep == columns * channels
                    ? new PanelDriver.Taps(1, 0, 1, 0, rows * columns * channels)
                    : new PanelDriver.Taps(rows, rowStep, 1, 0, columns * channels);
        }
        return new PanelDriver.Taps(rows, rowStep, columns, step, channels);
    }
}
