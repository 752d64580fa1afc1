package org.cinnabar.codegen.schedule;

import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.View;
import org.cinnabar.passes.lower.Layout;
import org.jspecify.annotations.Nullable;

/**
 * Where a value lies: a view relative to its buffer, or in the weights if there is none, and how
 * many zeros surround it on each side of every axis.
 */
record Place(@Nullable Buffer buffer, View view, List<Integer> before, List<Integer> after) {
    /** A place without a border. */
    static Place bare(@Nullable Buffer buffer, View view) {
        List<Integer> none = Collections.nCopies(view.rank(), 0);
        return new Place(buffer, view, none, none);
    }

    /** The view with its final offset. */
    View resolved() {
        return buffer == null
                ? view
                : new View(
                        Memory.ARENA,
                        view.offset() + buffer.offset(),
                        view.extents(),
                        view.strides(),
                        view.slack());
    }

    boolean satisfies(Layout layout) {
        int unit = layout.unitAxis();
        if (unit >= 0 && view.stride(unit) != 1 && view.extent(unit) != 1) {
            return false;
        }
        for (int axis = 0; axis < view.rank(); axis++) {
            if (before.get(axis) < layout.before().get(axis)
                    || after.get(axis) < layout.after().get(axis)) {
                return false;
            }
        }
        return unit < 0 || buffer != null;
    }

    /** The place of a view of this value that leaves every axis but {@code axis} as it is. */
    Place sliced(int axis, View slice) {
        boolean keepsBorder = before.get(axis) == 0 && after.get(axis) == 0;
        return keepsBorder ? new Place(buffer, slice, before, after) : bare(buffer, slice);
    }
}
