package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Correlate;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;

/**
 * Products of two computed values, the last axis of the result contiguous: of matrices, of rows and
 * a computed weight, and the sums over all positions of a convolution that are the gradient of its
 * weight.
 */
final class ComputedProduct implements Lowering {
    @Override
    public String name() {
        return "product";
    }

    @Override
    public boolean accepts(Node root) {
        return switch (root.op()) {
            case Correlate(Window window, int groups) -> window.rank() <= 2 && groups == 1;
            case Linear _ -> !(root.in(1).op() instanceof Weight);
            case MatMul _ -> true;
            default -> false;
        };
    }

    @Override
    public boolean fuses(Node node, Node value) {
        int last = value.shape().rank() - 1;
        return !(value.op() instanceof Correlate)
                && (Epilogue.fuses(node, value, last)
                        || Epilogue.addsComputedBias(node, value, last));
    }

    @Override
    public Layout layout(Group group, Node operand) {
        Node root = group.root();
        int rank = operand.shape().rank();
        if (root.op() instanceof Correlate(Window window, _)) {
            return operand == root.in(0) ? Borders.layout(window) : Layout.unit(1, rank);
        }
        if (operand == root.in(1)) {
            return Layout.unit(root.op() instanceof Linear ? 0 : rank - 1, rank);
        }
        return operand == root.in(0) ? Layout.any(rank) : Layout.unit(rank - 1, rank);
    }

    @Override
    public Work work(Node root) {
        Shape b = root.in(1).shape();
        int depth =
                switch (root.op()) {
                    case Correlate _ -> b.count() / b.extent(1);
                    case Linear _ -> b.extent(1);
                    default -> b.extent(-2);
                };
        return StridedDriver.work(
                root.shape(), root.shape().rank() - 1, depth, root.in(0), root.in(1));
    }

    @Override
    public int unitAxis(Group group) {
        return group.root().shape().rank() - 1;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        StridedDriver driver = driver(site);
        String label = site.group().label();
        Epilogue epilogue = new Epilogue(site, driver.unitAxis());
        Kernel kernel = driver.kernel(tiles, label, epilogue);
        return driver.accumulates()
                ? List.of(LoopNest.fill(tiles, label, site.output(), 0), kernel)
                : List.of(kernel);
    }

    private static StridedDriver driver(Site site) {
        Node root = site.group().root();
        View a = site.view(root.in(0));
        View b = site.view(root.in(1));
        View y = site.output();
        int last = a.rank() - 1;
        return switch (root.op()) {
            case Correlate(Window window, _) -> correlate(window, a, b, y);
            case Linear _ -> {
                View rows = new View(a.memory(), a.offset(), y.extents(), a.strides(), 0);
                yield product(y, rows, repeated(b, y), b.extent(1), a.stride(last), b.stride(1));
            }
            default ->
                    product(
                            y,
                            batched(a, y, a.stride(last - 1)),
                            batched(b, y, 0),
                            a.extent(last),
                            a.stride(last),
                            b.stride(b.rank() - 2));
        };
    }

    private static StridedDriver product(View y, View a, View b, int depth, int sa, int sb) {
        List<StridedDriver.Loop> loops = new SumLoops().add(depth, sa, sb).loops(3);
        return new StridedDriver(y, a, b, y.rank() - 1, loops, false);
    }

    /** {@code vectors}, the same for every row of {@code y}. */
    private static View repeated(View vectors, View y) {
        List<Integer> none = Collections.nCopies(y.rank(), 0);
        return new View(vectors.memory(), vectors.offset(), y.extents(), none, 0);
    }

    private static StridedDriver correlate(Window window, View x, View z, View y) {
        List<Integer> strides = new ArrayList<>();
        Index offset = x.offset();
        SumLoops positions = new SumLoops();
        for (int axis = 0; axis < window.rank(); axis++) {
            int step = x.stride(axis + 2);
            strides.add(step * window.dilation().get(axis));
            offset = offset.plus(-step * window.padBegin().get(axis));
            positions.add(z.extent(axis + 2), step * window.stride().get(axis), z.stride(axis + 2));
        }
        strides.add(x.stride(1));
        strides.add(0);
        List<StridedDriver.Loop> loops = new ArrayList<>(positions.loops(2));
        loops.addFirst(new StridedDriver.Loop(x.extent(0), x.stride(0), z.stride(0)));
        View starts = new View(x.memory(), offset, y.extents(), strides, 0);
        return new StridedDriver(y, starts, repeated(z, y), y.rank() - 1, loops, true);
    }

    /** {@code operand} in the result's coordinates: batch axes broadcast. */
    private static View batched(View operand, View y, int rowStride) {
        int batch = y.rank() - 2;
        View leading =
                new View(
                                operand.memory(),
                                operand.offset(),
                                operand.extents().subList(0, operand.rank() - 2),
                                operand.strides().subList(0, operand.rank() - 2),
                                0)
                        .expanded(y.extents().subList(0, batch));
        List<Integer> strides = new ArrayList<>(leading.strides());
        strides.add(rowStride);
        strides.add(0);
        return new View(operand.memory(), operand.offset(), y.extents(), strides, 0);
    }
}
