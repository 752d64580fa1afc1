package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects the loops of a sum: those of one iteration go, those that are one stretch are one. */
final class SumLoops {
    private static final int SHORT = 4;

    private final List<StridedDriver.Loop> loops = new ArrayList<>();

    /** Adds a loop inside those that are there. */
    SumLoops add(int count, int sa, int sb) {
        if (count == 1) {
            return this;
        }
        StridedDriver.Loop outer = loops.isEmpty() ? null : loops.getLast();
        if (outer != null && outer.sa() == count * sa && outer.sb() == count * sb) {
            loops.removeLast();
            loops.add(new StridedDriver.Loop(outer.count() * count, sa, sb));
        } else {
            loops.add(new StridedDriver.Loop(count, sa, sb));
        }
        return this;
    }

    /** A short innermost loop changes places with a longer one around it. */
    SumLoops longestLast() {
        int last = loops.size() - 1;
        if (last > 0
                && loops.get(last).count() < SHORT
                && loops.get(last - 1).count() > loops.get(last).count()) {
            Collections.swap(loops, last - 1, last);
        }
        return this;
    }

    /** {@code count} loops, the outermost first. */
    List<StridedDriver.Loop> loops(int count) {
        List<StridedDriver.Loop> all = new ArrayList<>(loops);
        while (all.size() < count) {
            all.addFirst(StridedDriver.Loop.ONCE);
        }
        return all;
    }
}
