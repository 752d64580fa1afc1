package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.weights.LinearMaps;

/**
 * Fully connected layers: the matrix in panels, as many rows of the input at a time as a tile
 * holds. Of one row, the time is that of reading the weights, once each; in fewer bits they take
 * less.
 */
record Gemm(Precision precision) implements Lowering {
    @Override
    public String name() {
        return "gemm" + precision.suffix();
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Linear
                && root.in(1).op() instanceof Weight
                && (precision == Precisions.FP32
                        || inputs(root) == 1 && outputs(root) >= precision.width());
    }

    private static int outputs(Node root) {
        return root.in(1).shape().extent(0);
    }

    /** Rows of the input. */
    private static int inputs(Node root) {
        return root.shape().count() / outputs(root);
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
    public Optional<Node> addsTo(Group group) {
        return Epilogue.residual(group, unitAxis(group));
    }

    @Override
    public int unitAxis(Group group) {
        return group.root().shape().rank() - 1;
    }

    /** The panels of the matrix from row {@code first} on. */
    private record Part(int first, Panels panels) {
        float[] pack(float[] dense) {
            int depth = panels.depth();
            float[] weights = new float[panels.count()];
            for (int row = 0; row < panels.rows(); row++) {
                for (int k = 0; k < depth; k++) {
                    weights[panels.at(row, k)] = dense[(first + row) * depth + k];
                }
            }
            return panels.encode(weights);
        }

        Work work(int inputs) {
            double multiplyAdds = inputs * panels.paidRows() * panels.depth();
            double bytes = (double) panels.size() * Float.BYTES;
            return new Work(multiplyAdds, 0, bytes, 0, 0, (double) inputs * panels.full())
                    .plus(panels.precision().work(panels.count(), inputs));
        }
    }

    /** Whole panels of this precision, and what is left over as it is. */
    private List<Part> parts(Node root) {
        int outputs = outputs(root);
        int depth = root.in(1).shape().extent(1);
        int whole = precision == Precisions.FP32 ? outputs : outputs - outputs % precision.width();
        List<Part> parts = new ArrayList<>();
        parts.add(new Part(0, new Panels(whole, depth, precision)));
        if (whole < outputs) {
            parts.add(new Part(whole, new Panels(outputs - whole, depth)));
        }
        return parts;
    }

    @Override
    public Work work(Node root) {
        return parts(root).stream()
                .map(part -> part.work(inputs(root)))
                .reduce(new Work(0, 0, 0, 0, 0, 0), Work::plus);
    }

    @Override
    public boolean roundsWeights() {
        return precision != Precisions.FP32;
    }

    @Override
    public double error(Node root) {
        return ROUNDING
                + precision.rounding(() -> LinearMaps.weights(root), root.in(1).shape().extent(1));
    }

    @Override
    public float[] pack(Group group) {
        Node root = group.root();
        float[] dense = LinearMaps.weights(root);
        float[] packed = {};
        for (Part part : parts(root)) {
            float[] weights = part.pack(dense);
            int offset = packed.length;
            if (offset == 0) {
                packed = weights;
            } else {
                packed = Arrays.copyOf(packed, offset + weights.length);
                System.arraycopy(weights, 0, packed, offset, weights.length);
            }
        }
        return packed;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        View x = site.view(root.in(0));
        View y = site.output();
        View rows = new View(x.memory(), x.offset(), y.extents(), x.strides(), 0);
        List<Kernel> kernels = new ArrayList<>();
        int packed = site.packed();
        for (Part part : parts(root)) {
            Panels panels = part.panels();
            PanelDriver driver =
                    new PanelDriver(
                            rows,
                            y,
                            y.rank() - 1,
                            part.first(),
                            1,
                            panels.depth(),
                            panels,
                            packed,
                            new Taps(1, 0, 1, 0, panels.depth()));
            kernels.add(
                    driver.kernel(tiles, site.group().label(), new Epilogue(site, y.rank() - 1)));
            packed += panels.size();
        }
        return kernels;
    }
}
