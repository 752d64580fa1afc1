package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.ir.op.Window;

/**
 * Convolution with a weight that is computed: nothing is packed, the weight is read where it lies,
 * output channels contiguous. A bias may be computed too.
 */
final class ComputedConv implements Lowering {
    @Override
    public String name() {
        return "computed-conv";
    }

    @Override
    public boolean accepts(Node root) {
        return root.op() instanceof Conv(Window window, int groups)
                && window.rank() <= 2
                && groups == 1
                && !(root.in(1).op() instanceof Weight);
    }

    @Override
    public boolean fuses(Node node, Node value) {
        return Epilogue.fuses(node, value, 1) || Epilogue.addsComputedBias(node, value, 1);
    }

    @Override
    public Layout layout(Group group, Node operand) {
        Node root = group.root();
        int rank = operand.shape().rank();
        if (operand == root.in(0) && root.op() instanceof Conv(Window window, _)) {
            return Borders.layout(window);
        }
        return Layout.unit(operand == root.in(1) ? 0 : 1 - root.shape().rank() + rank, rank);
    }

    @Override
    public Work work(Node root) {
        int depth = root.in(1).shape().count() / root.in(1).shape().extent(0);
        return StridedDriver.work(root.shape(), 1, depth, root.in(0), root.in(1));
    }

    @Override
    public int unitAxis(Group group) {
        return 1;
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        Window window = ((Conv) root.op()).window();
        View x = site.view(root.in(0));
        View y = site.output();
        View w = kernelAxes(site.view(root.in(1)), x.extent(1), window);
        SumLoops loops = new SumLoops();
        for (int axis = 0; axis < window.rank(); axis++) {
            loops.add(
                    window.kernel().get(axis),
                    x.stride(axis + 2) * window.dilation().get(axis),
                    w.stride(axis + 2));
        }
        loops.add(x.extent(1), x.stride(1), w.stride(1));
        List<Integer> none = Collections.nCopies(y.rank(), 0);
        StridedDriver driver =
                new StridedDriver(
                        y,
                        Borders.windows(x, window, y),
                        new View(w.memory(), w.offset(), y.extents(), none, 0),
                        1,
                        loops.longestLast().loops(3),
                        false);
        Epilogue epilogue = new Epilogue(site, 1);
        return List.of(driver.kernel(tiles, site.group().label(), epilogue));
    }

    /** A weight {@code [K, C·taps]} as {@code [K, C, kernel...]}. */
    static View kernelAxes(View weight, int channels, Window window) {
        if (weight.rank() > 2) {
            return weight;
        }
        List<Integer> extents = new ArrayList<>(List.of(channels));
        extents.addAll(window.kernel());
        List<Integer> strides = new ArrayList<>(List.of(weight.stride(0)));
        for (int stride : View.rowMajor(extents)) {
            strides.add(stride * weight.stride(1));
        }
        extents.addFirst(weight.extent(0));
        return new View(weight.memory(), weight.offset(), extents, strides, 0);
    }
}
