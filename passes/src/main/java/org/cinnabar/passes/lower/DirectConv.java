package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * Direct convolution over one and two spatial axes, dense or grouped, without im2col: with channels
 * contiguous and a zero border around the map, the sum over a window is a few flat stretches of
 * memory. Groups narrower than a vector are computed several at a time, with zeros where they do
 * not meet.
 *
 * <p>Of few pixels, reading the weights takes much of the time; in fewer bits they take less.
 */
record DirectConv(Precision precision) implements Lowering {
    /** Pixels up to which weights may be stored in fewer bits. */
    private static final int FEW_PIXELS = 64;

    @Override
    public String name() {
        return "direct" + precision.suffix();
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Conv(Window window, _)
                && window.rank() <= 2
                && !DepthwiseConv.isDepthwise(root)
                && root.in(1).op() instanceof Weight
                && (precision == Precisions.FP32 || hasFewPixels(root));
    }

    private boolean hasFewPixels(Node root) {
        return ((Conv) root.op()).groups() == 1
                && root.shape().extent(1) % precision.width() == 0
                && pixels(root) <= FEW_PIXELS;
    }

    private static int pixels(Node root) {
        return root.shape().count() / root.shape().extent(1);
    }

    @Override
    public boolean fuses(Node node, Node value) {
        return Epilogue.fusesByRow(node, value, 1);
    }

    @Override
    public Layout layout(Group group, Node operand) {
        return operand == group.root().in(0) && group.root().op() instanceof Conv(Window window, _)
                ? Borders.layout(window)
                : Layout.unit(1, operand.shape().rank());
    }

    @Override
    public Optional<Node> addsTo(Group group) {
        return Epilogue.residual(group, 1);
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    @Override
    public Optional<Window> rows(Node root) {
        return Optional.of(((Conv) root.op()).window()).filter(window -> window.rank() == 2);
    }

    /**
     * {@code blocks} runs of {@code joined} neighbouring groups from {@code first} on, each run
     * computed as one dense convolution.
     */
    private record Part(
            int first,
            int blocks,
            int joined,
            int outputs,
            int inputs,
            int taps,
            Precision precision) {
        /**
         * The parts of a convolution: as few groups to a block as fill whole vectors, and the
         * groups left over.
         */
        static List<Part> of(Node root, Precision precision) {
            Conv conv = (Conv) root.op();
            int groups = conv.groups();
            int outputs = root.shape().extent(1) / groups;
            int inputs = root.in(0).shape().extent(1) / groups;
            int taps = conv.window().taps();
            int joined =
                    Math.min(
                            groups,
                            Panels.BLOCK / Math.min(Integer.lowestOneBit(outputs), Panels.BLOCK));
            List<Part> parts = new ArrayList<>();
            parts.add(new Part(0, groups / joined, joined, outputs, inputs, taps, precision));
            if (groups % joined > 0) {
                parts.add(
                        new Part(
                                groups / joined * joined,
                                1,
                                groups % joined,
                                outputs,
                                inputs,
                                taps,
                                precision));
            }
            return parts;
        }

        Panels panels() {
            return new Panels(outputs * joined, channels() * taps, precision);
        }

        /** Input channels of one block. */
        int channels() {
            return inputs * joined;
        }

        int size() {
            return Math.multiplyExact(panels().size(), blocks);
        }

        Work work(int pixels) {
            double width = panels().paidRows();
            int tiles = Math.ceilDiv(pixels, Target.LANES_16.rows());
            double calls = (double) pixels / Target.LANES_16.rows() * width / Panels.WIDTH;
            return new Work(
                            pixels * width * panels().depth() * blocks,
                            0,
                            (double) size() * Float.BYTES,
                            0,
                            0,
                            calls * blocks)
                    .plus(precision.work(panels().count(), tiles));
        }

        /** Writes this part's weights from {@code offset} of {@code packed} on. */
        void pack(float[] dense, float[] packed, int offset) {
            Panels panels = panels();
            float[] weights = new float[Math.multiplyExact(panels.count(), blocks)];
            int width = inputs * taps;
            for (int row = 0; row < outputs * joined * blocks; row++) {
                int block = row / (outputs * joined);
                int member = row / outputs % joined;
                int source = (first * outputs + row) * width;
                for (int c = 0; c < inputs; c++) {
                    for (int tap = 0; tap < taps; tap++) {
                        int k = tap * channels() + member * inputs + c;
                        int at = block * panels.count() + panels.at(row % (outputs * joined), k);
                        weights[at] = dense[source + c * taps + tap];
                    }
                }
            }
            System.arraycopy(panels.encode(weights), 0, packed, offset, size());
        }
    }

    @Override
    public Work work(Node root) {
        int pixels = pixels(root);
        return Part.of(root, precision).stream()
                .map(part -> part.work(pixels))
                .reduce(new Work(0, 0, 0, 0, 0, 0), Work::plus);
    }

    @Override
    public boolean roundsWeights() {
        return precision != Precisions.FP32;
    }

    @Override
    public double error(Node root) {
        int columns = root.in(1).shape().count() / root.in(1).shape().extent(0);
        return ROUNDING + precision.rounding(() -> LinearMaps.weights(root), columns);
    }

    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        List<Part> parts = Part.of(root, precision);
        int size = parts.stream().mapToInt(Part::size).sum();
        float[] dense = LinearMaps.weights(root);
        float[] packed = new float[size];
        int offset = 0;
        for (Part part : parts) {
            part.pack(dense, packed, offset);
            offset += part.size();
        }
        return packed;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((Conv) root.op()).window();
        View x = site.view(root.in(0));
        View y = site.output();
        View windows = Borders.windows(x, window, y);
        List<Kernel> kernels = new ArrayList<>();
        int packed = site.packed();
        for (Part part : Part.of(root, precision)) {
            int channel = part.first() * part.outputs();
            View input = windows.shifted(part.first() * part.inputs());
            PanelDriver driver =
                    new PanelDriver(
                            input,
                            y,
                            1,
                            channel,
                            part.blocks(),
                            part.channels(),
                            part.panels(),
                            packed,
                            taps(window, x, part.channels()));
            kernels.add(
                    GatheredDriver.kernel(
                            driver, tiles, site.group().label(), new Epilogue(site, 1)));
            packed += part.size();
        }
        return kernels;
    }

    /** A kernel row is one stretch if its pixels follow one another without gaps. */
    private static Taps taps(Window window, View x, int channels) {
        int last = window.rank() - 1;
        int columns = window.kernel().get(last);
        int step = x.stride(last + 2) * window.dilation().get(last);
        int rows = last == 0 ? 1 : window.kernel().get(0);
        int rowStep = last == 0 ? 0 : x.stride(2) * window.dilation().get(0);
        if (step == channels || columns == 1) {
            return rowStep == columns * channels
                    ? new Taps(1, 0, 1, 0, rows * columns * channels)
                    : new Taps(rows, rowStep, 1, 0, columns * channels);
        }
        return new Taps(rows, rowStep, columns, step, channels);
    }
}
