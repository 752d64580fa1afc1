package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.minus;

import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Window;

/**
 * Where a window begins along one spatial axis, maybe before the input, and which of its taps are
 * within the input: {@code low} to {@code high}, exclusive.
 */
record WindowTaps(Index start, Index low, Index high) {
    /** Of {@code window} at {@code position} over {@code x}. */
    static WindowTaps of(Window window, int axis, View x, Index position) {
        int dilation = window.dilation().get(axis);
        Index start = start(window, axis, position);
        Index low = minus(Index.of(dilation - 1), start).max(Index.of(0)).dividedBy(dilation);
        Index high =
                minus(Index.of(x.extent(axis + 2) - 1 + dilation), start)
                        .max(Index.of(0))
                        .dividedBy(dilation)
                        .min(Index.of(window.kernel().get(axis)));
        return new WindowTaps(start, low, high);
    }

    static Index start(Window window, int axis, Index position) {
        return position.times(window.stride().get(axis)).plus(-window.padBegin().get(axis));
    }
}
