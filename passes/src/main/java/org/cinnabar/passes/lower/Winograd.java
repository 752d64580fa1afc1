package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * Winograd's minimal filtering over one and two spatial axes: tiles of the input and the filters
 * are transformed so that a convolution of a tile is a product of each of its numbers, summed over
 * the channels by matrix products; filters are transformed when the model is compiled, or in every
 * run if they are computed.
 *
 * <p>Transformed filters are several times as many numbers. Where each is used once and a network
 * has more weights than caches hold, reading them takes longer than transforming them online.
 *
 * @param step outputs of a tile along each axis
 * @param storage how constant filters are stored until a run needs them
 */
record Winograd(int step, WinogradTiling.Storage storage) implements Lowering {
    /** Output channels whose filters tell how well filters can be rounded. */
    private static final int SAMPLE = 16;

    @Override
    public String name() {
        return "winograd" + step + storage.suffix();
    }

    @Override
    public boolean accepts(Node root) {
        return WinogradTiling.of(root, step, storage).isPresent();
    }

    @Override
    public boolean fuses(Node node, Node value) {
        return Epilogue.fuses(node, value, 1) || Epilogue.addsComputedBias(node, value, 1);
    }

    @Override
    public Layout layout(Group group, Node operand) {
        Node root = group.root();
        int rank = operand.shape().rank();
        if (operand != root.in(0) || !(root.op() instanceof Conv(Window window, _))) {
            return Layout.unit(operand == root.in(1) ? 0 : 1 - root.shape().rank() + rank, rank);
        }
        WinogradTiling tiling = tiling(root);
        Layout border = Borders.layout(window);
        List<Integer> after = new ArrayList<>(border.after());
        for (int i = 0; i < window.rank(); i++) {
            WinogradTiling.Axis axis = i == window.rank() - 1 ? tiling.columns() : tiling.rows();
            int beyond = axis.tiles() * axis.step() - axis.extent();
            after.set(i + 2, after.get(i + 2) + beyond * axis.algorithm().stride());
        }
        return new Layout(1, border.before(), after);
    }

    @Override
    public Optional<Node> addsTo(Group group) {
        return Epilogue.residual(group, 1);
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    private WinogradTiling tiling(Node root) {
        return WinogradTiling.of(root, step, storage).orElseThrow();
    }

    @Override
    public Work work(Node root) {
        WinogradTiling tiling = tiling(root);
        return WinogradTiling.isComputed(root)
                ? tiling.work().plus(tiling.filterWork())
                : tiling.work();
    }

    @Override
    public boolean roundsWeights() {
        return storage.precision() != Precisions.FP32;
    }

    /** Errors grow as the transforms do: the more outputs to a tile, the larger its numbers. */
    @Override
    public double error(Node root) {
        WinogradTiling tiling = tiling(root);
        return (ROUNDING + rounding(root))
                * tiling.rows().algorithm().amplification()
                * tiling.columns().algorithm().amplification();
    }

    /** Of transformed filters: that of the first output channels stands for all. */
    private double rounding(Node root) {
        WinogradTiling tiling = tiling(root);
        return storage.precision().rounding(() -> sample(root, tiling), tiling.inputs());
    }

    /** Transformed filters {@code [output][product][input]} of the first outputs. */
    private static float[] sample(Node root, WinogradTiling tiling) {
        FilterTransform transform = FilterTransform.of(tiling);
        float[] dense = LinearMaps.weights(root);
        int inputs = tiling.inputs();
        int rows = tiling.products();
        int outputs = Math.min(tiling.outputs(), SAMPLE);
        float[] filters = new float[Math.multiplyExact(outputs * rows, inputs)];
        for (int filter = 0; filter < outputs * inputs; filter++) {
            double[] numbers = transform.apply(dense, filter);
            for (int i = 0; i < rows; i++) {
                int row = filter / inputs * rows + i;
                filters[row * inputs + filter % inputs] = (float) numbers[i];
            }
        }
        return filters;
    }

    /**
     * For every group, panels of {@code [product][input channel][output channel]}, or of {@code
     * [tap]} instead.
     */
    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        if (WinogradTiling.isComputed(root)) {
            return new float[0];
        }
        WinogradTiling tiling = tiling(root);
        float[] dense = LinearMaps.weights(root);
        Panels panels = tiling.stored();
        float[] packed = new float[Math.multiplyExact(tiling.groups(), panels.count())];
        FilterTransform transform = FilterTransform.of(tiling);
        int inputs = tiling.inputs();
        for (int output = 0; output < tiling.groups() * tiling.outputs(); output++) {
            int base = output / tiling.outputs() * panels.count();
            for (int c = 0; c < inputs; c++) {
                int filter = output * inputs + c;
                double[] numbers =
                        tiling.isOnline()
                                ? transform.taps(dense, filter)
                                : transform.apply(dense, filter);
                for (int i = 0; i < numbers.length; i++) {
                    int at = panels.at(output % tiling.outputs(), i * inputs + c);
                    packed[base + at] = (float) numbers[i];
                }
            }
        }
        return panels.encode(packed);
    }

    /** Room for the panels of filters that are computed. */
    @Override
    public int scratch(Group group) {
        Node root = group.root();
        return WinogradTiling.isComputed(root) ? tiling(root).panels().size() : 0;
    }

    /** {@code R·g·Cᵀ}. */
    private record FilterTransform(double[][] rows, double[][] columns) {
        static FilterTransform of(WinogradTiling tiling) {
            return new FilterTransform(
                    tiling.rows().algorithm().filterMatrix(),
                    tiling.columns().algorithm().filterMatrix());
        }

        /** Kernel {@code index} of {@code dense} as it is. */
        double[] taps(float[] dense, int index) {
            double[] taps = new double[rows[0].length * columns[0].length];
            Arrays.setAll(taps, i -> dense[index * taps.length + i]);
            return taps;
        }

        /** What becomes of kernel {@code index} of {@code dense}. */
        double[] apply(float[] dense, int index) {
            int height = rows[0].length;
            int width = columns[0].length;
            double[] products = new double[rows.length * columns.length];
            for (int j = 0; j < columns.length; j++) {
                for (int r = 0; r < height; r++) {
                    double sum = 0;
                    for (int c = 0; c < width; c++) {
                        sum += columns[j][c] * dense[(index * height + r) * width + c];
                    }
                    for (int i = 0; i < rows.length; i++) {
                        products[i * columns.length + j] += rows[i][r] * sum;
                    }
                }
            }
            return products;
        }
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        return new WinogradDriver(site, tiles, tiling(site.group().root())).kernels();
    }
}
