package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Window;

/** Convolutions; their weights have to be constant. */
final class ConvOps {
    static final List<OpRow> ROWS =
            List.of(
                    OpRow.of("Conv", 1, ConvOps::conv),
                    OpRow.of("ConvTranspose", 1, ConvOps::convTranspose));

    private ConvOps() {}

    private static Node conv(OnnxNode n) {
        Node x = n.in(0);
        Tensor weight = weight(n);
        Window window = Windows.of(n, kernel(n, weight), x.shape());
        Node y = n.op(new Conv(window, groups(n)), x, n.weight(weight));
        return biased(n, y);
    }

    /**
     * A convolution of the input, spread out by {@code stride - 1} zeros after each element, with
     * the kernel turned around and its channels exchanged group by group.
     */
    private static Node convTranspose(OnnxNode n) {
        Node x = n.in(0);
        Tensor weight = weight(n);
        List<Integer> kernel = kernel(n, weight);
        Transposed t = new Transposed(n, kernel, x.shape());
        Node spread = spread(n, x, t.stride);
        List<Integer> begin = new ArrayList<>();
        List<Integer> end = new ArrayList<>();
        for (int axis = 0; axis < kernel.size(); axis++) {
            int before = t.reach(axis) - 1 - t.begin.get(axis);
            int after =
                    t.reach(axis)
                            - t.end.get(axis)
                            + t.outputPadding.get(axis)
                            - t.stride.get(axis);
            Dim extent = spread.shape().dim(axis + 2);
            int cut = Math.min(0, before) + Math.min(0, after);
            spread = n.slice(spread, axis + 2, Dim.of(Math.max(0, -before)), extent.plus(cut));
            begin.add(Math.max(0, before));
            end.add(Math.max(0, after));
        }
        Window window =
                new Window(kernel, Collections.nCopies(kernel.size(), 1), begin, end, t.dilation);
        int groups = groups(n);
        return biased(n, n.op(new Conv(window, groups), spread, turned(n, weight, groups)));
    }

    private static Tensor weight(OnnxNode n) {
        Tensor weight = n.constant(1, "weight");
        if (!weight.dtype().isFloating() || weight.shape().rank() < 3) {
            throw new Rejected("a weight of floats and rank 3 or more", weight.toString(), "");
        }
        return weight;
    }

    private static List<Integer> kernel(OnnxNode n, Tensor weight) {
        List<Integer> seen =
                weight.shape().dims().stream()
                        .skip(2)
                        .map(d -> Math.toIntExact(d.value()))
                        .toList();
        List<Integer> declared = n.integers("kernel_shape").orElse(seen);
        if (!declared.equals(seen)) {
            throw new Rejected(
                    "kernel_shape " + seen + " as the weight has", declared.toString(), "");
        }
        return seen;
    }

    private static int groups(OnnxNode n) {
        return Math.toIntExact(n.integer("group", 1));
    }

    private static Node biased(OnnxNode n, Node y) {
        return n.has(2) ? n.add(y, n.perChannel(n.in(2), y.shape().rank())) : y;
    }

    /** {@code stride - 1} zeros after each element of the spatial axes. */
    private static Node spread(OnnxNode n, Node x, List<Integer> stride) {
        Node y = x;
        for (int axis = 2; axis < x.shape().rank(); axis++) {
            int step = stride.get(axis - 2);
            if (step > 1) {
                Shape shape = y.shape();
                Node apart = n.reshape(y, inserted(shape, axis + 1));
                List<Integer> end = new ArrayList<>(Collections.nCopies(shape.rank() + 1, 0));
                List<Integer> begin = List.copyOf(end);
                end.set(axis + 1, step - 1);
                Node padded = n.op(new Pad(begin, end, Pad.Mode.CONSTANT, 0), apart);
                y = n.reshape(padded, shape.with(axis, shape.dim(axis).times(step)));
            }
        }
        return y;
    }

    private static Shape inserted(Shape shape, int axis) {
        List<Dim> dims = new ArrayList<>(shape.dims());
        dims.add(axis, Dim.of(1));
        return new Shape(dims);
    }

    /**
     * {@code [C, M/groups, taps]} as the weight {@code [M, C/groups·taps]} with the taps in
     * reverse.
     */
    private static Node turned(OnnxNode n, Tensor weight, int groups) {
        int inputs = weight.shape().extent(0) / groups;
        int outputs = weight.shape().extent(1);
        int taps = weight.count() / Math.max(1, weight.shape().extent(0) * outputs);
        float[] from = weight.floats();
        float[] to = new float[from.length];
        for (int g = 0; g < groups; g++) {
            for (int m = 0; m < outputs; m++) {
                for (int c = 0; c < inputs; c++) {
                    for (int tap = 0; tap < taps; tap++) {
                        int source = ((g * inputs + c) * outputs + m) * taps + taps - 1 - tap;
                        to[((g * outputs + m) * inputs + c) * taps + tap] = from[source];
                    }
                }
            }
        }
        return n.matrix(to, groups * outputs, inputs * taps);
    }

    /** The attributes of a transposed convolution, with explicit padding. */
    private static final class Transposed {
        final List<Integer> kernel;
        final List<Integer> stride;
        final List<Integer> dilation;
        final List<Integer> outputPadding;
        final List<Integer> begin = new ArrayList<>();
        final List<Integer> end = new ArrayList<>();

        Transposed(OnnxNode n, List<Integer> kernel, Shape x) {
            this.kernel = kernel;
            int rank = kernel.size();
            stride = n.integers("strides").orElse(Collections.nCopies(rank, 1));
            dilation = n.integers("dilations").orElse(Collections.nCopies(rank, 1));
            outputPadding = n.integers("output_padding").orElse(Collections.nCopies(rank, 0));
            List<Integer> pads = n.integers("pads").orElse(Collections.nCopies(2 * rank, 0));
            List<Integer> output = n.integers("output_shape").orElse(List.of());
            String auto = n.text("auto_pad", "NOTSET");
            for (int axis = 0; axis < rank; axis++) {
                if (auto.equals("VALID") || auto.equals("NOTSET") && output.isEmpty()) {
                    begin.add(auto.equals("VALID") ? 0 : pads.get(axis));
                    end.add(auto.equals("VALID") ? 0 : pads.get(axis + rank));
                } else {
                    int total = padding(n, axis, x.dim(axis + 2), output);
                    int half =
                            Math.max(0, auto.equals("SAME_UPPER") ? total / 2 : total - total / 2);
                    begin.add(half);
                    end.add(total - half);
                }
            }
        }

        int reach(int axis) {
            return (kernel.get(axis) - 1) * dilation.get(axis) + 1;
        }

        /**
         * Total padding for the asked output extent, {@code extent·stride} if none is asked;
         * negative if that adds zeros.
         */
        private int padding(OnnxNode n, int axis, Dim extent, List<Integer> output) {
            int beyond = outputPadding.get(axis) + reach(axis) - stride.get(axis);
            if (output.isEmpty()) {
                return beyond;
            }
            if (!extent.isKnown()) {
                throw n.unsupported(
                        "output_shape", output, "known input extents with output_shape");
            }
            int asked = output.get(output.size() - kernel.size() + axis);
            return Math.toIntExact(stride.get(axis) * extent.value() + beyond - asked);
        }
    }
}
