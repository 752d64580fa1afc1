package org.cinnabar.frontend.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.frontend.wire.Rejected;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.Window;

/**
 * The attributes strides, dilations, pads and auto_pad that convolutions and pools have in common.
 */
final class Windows {
    private Windows() {}

    /**
     * The window of {@code n} with the given kernel, sliding over the spatial axes of {@code x}.
     */
    static Window of(OnnxNode n, List<Integer> kernel, Shape x) {
        int rank = kernel.size();
        if (x.rank() != rank + 2) {
            throw new Rejected(
                    "an input of rank " + (rank + 2) + " for a kernel " + kernel, "shape " + x, "");
        }
        List<Integer> strides = n.integers("strides").orElse(Collections.nCopies(rank, 1));
        List<Integer> dilations = n.integers("dilations").orElse(Collections.nCopies(rank, 1));
        List<Integer> pads = n.integers("pads").orElse(Collections.nCopies(2 * rank, 0));
        if (pads.size() != 2 * rank) {
            throw n.unsupported("pads", pads, 2 * rank + " pads for a kernel " + kernel);
        }
        List<Integer> none = Collections.nCopies(rank, 0);
        Window unpadded = new Window(kernel, strides, none, none, dilations);
        String auto = n.text("auto_pad", "NOTSET");
        return switch (auto) {
            case "NOTSET" -> padded(unpadded, pads.subList(0, rank), pads.subList(rank, 2 * rank));
            case "VALID" -> unpadded;
            case "SAME_UPPER", "SAME_LOWER" -> same(unpadded, x, auto.equals("SAME_UPPER"));
            default ->
                    throw n.unsupported(
                            "auto_pad", auto, "NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        };
    }

    static Window padded(Window window, List<Integer> begin, List<Integer> end) {
        return new Window(window.kernel(), window.stride(), begin, end, window.dilation());
    }

    /**
     * Padding for {@code ceil(extent / stride)} positions; the odd one goes to the end if {@code
     * upper}.
     */
    private static Window same(Window window, Shape x, boolean upper) {
        List<Integer> begin = new ArrayList<>();
        List<Integer> end = new ArrayList<>();
        for (int axis = 0; axis < window.rank(); axis++) {
            int total = samePadding(window, axis, x.dim(axis + 2));
            begin.add(upper ? total / 2 : total - total / 2);
            end.add(upper ? total - total / 2 : total / 2);
        }
        return padded(window, begin, end);
    }

    private static int samePadding(Window window, int axis, Dim extent) {
        int stride = window.stride().get(axis);
        if (stride == 1) {
            return window.reach(axis) - 1;
        }
        if (!extent.isKnown()) {
            throw new Rejected(
                    "known extents for auto_pad=SAME with stride " + stride,
                    "extent " + extent,
                    "fix the input's extents with --shape");
        }
        long positions = Math.ceilDiv(extent.value(), stride);
        return Math.toIntExact(
                Math.max(0, (positions - 1) * stride + window.reach(axis) - extent.value()));
    }
}
