package org.cinnabar.passes.lower;

import java.util.Map;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.View;

/**
 * A group with its memory decided: where each value it reads and its result lie, where in the
 * weights its packed weights begin, and where in the arena its scratch memory.
 */
public record Site(Group group, Map<Node, View> places, int packed, int scratch) {
    public Site {
        places = Map.copyOf(places);
    }

    /** Where {@code node}'s value lies. */
    public View view(Node node) {
        View view = places.get(node);
        if (view == null) {
            throw new IllegalStateException("no place for " + node + " in group " + group.label());
        }
        return view;
    }

    /** Where the result lies. */
    public View output() {
        return view(group.result());
    }
}
