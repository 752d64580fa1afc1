package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Window;

/** Views and layouts of convolution inputs. */
final class Borders {
    private Borders() {}

    /** Channels contiguous, and as many zeros around the map as {@code window} reads beyond it. */
    static Layout layout(Window window) {
        List<Integer> before = new ArrayList<>(Collections.nCopies(2, 0));
        List<Integer> after = new ArrayList<>(Collections.nCopies(2, 0));
        before.addAll(window.padBegin());
        after.addAll(window.padEnd());
        return new Layout(1, before, after);
    }

    /**
     * {@code x} in the coordinates of the windows over it: the place of window p's first number,
     * {@code channels} extents.
     */
    static View windows(View x, Window window, View y) {
        List<Integer> strides = new ArrayList<>(x.strides().subList(0, 2));
        Index offset = x.offset();
        for (int axis = 0; axis < window.rank(); axis++) {
            strides.add(x.stride(axis + 2) * window.stride().get(axis));
            offset = offset.plus(-x.stride(axis + 2) * window.padBegin().get(axis));
        }
        return new View(x.memory(), offset, y.extents(), strides, 0);
    }
}
