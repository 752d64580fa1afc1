package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.op.Correlate;

/**
 * The gradient of a convolution's weight by minimal filtering: a tile of the result's gradient is a
 * filter of the input whose outputs are what it adds to the kernel's gradient, {@code Aᵀ[Σ (Bᵀ·d·B)
 * ∘ (G·z·Gᵀ)]A} over all tiles d of the input and z of the gradient. The products of each position
 * are summed by a matrix product over the tiles; sums are transformed back once, at the end.
 *
 * @param step positions of a tile along each axis
 */
record WinogradCorrelate(int step) implements Lowering {
    @Override
    public String name() {
        return "winograd-correlate" + step;
    }

    @Override
    public boolean accepts(Node root) {
        return CorrelateTiling.of(root, step).isPresent();
    }

    /** Zeros behind both maps, so that the last tiles are whole. */
    @Override
    public Layout layout(Group group, Node operand) {
        CorrelateTiling tiling = tiling(group.root());
        Correlate correlate = (Correlate) group.root().op();
        int rank = operand.shape().rank();
        Layout border =
                operand == group.root().in(0)
                        ? Borders.layout(correlate.window())
                        : Layout.unit(1, rank);
        List<Integer> after = new ArrayList<>(border.after());
        for (int axis = 2; axis < rank; axis++) {
            CorrelateTiling.Axis along = axis == rank - 1 ? tiling.columns() : tiling.rows();
            after.set(axis, after.get(axis) + along.beyond());
        }
        return new Layout(1, border.before(), after);
    }

    @Override
    public int unitAxis(Group group) {
        return group.root().shape().rank() - 1;
    }

    private CorrelateTiling tiling(Node root) {
        return CorrelateTiling.of(root, step).orElseThrow();
    }

    @Override
    public Work work(Node root) {
        return tiling(root).work();
    }

    @Override
    public double error(Node root) {
        CorrelateTiling tiling = tiling(root);
        return ROUNDING
                * tiling.rows().algorithm().amplification()
                * tiling.columns().algorithm().amplification();
    }

    @Override
    public int scratch(Group group) {
        return tiling(group.root()).sums();
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        return new CorrelateDriver(site, tiles, tiling(site.group().root())).kernels();
    }
}
