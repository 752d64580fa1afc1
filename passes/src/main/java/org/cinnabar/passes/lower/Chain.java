package org.cinnabar.passes.lower;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Window;

/**
 * Layers that are computed together, one band of rows after the other: some rows of the last
 * layer's result, and before that the rows of every other layer that these need besides those that
 * are still there from the band before. What goes from layer to layer stays in the second-level
 * cache and needs no memory for a whole map (Alwani et al., <i>Fused-Layer CNN Accelerators</i>,
 * MICRO 2016).
 *
 * <p>A thread's first band, and the first one of an image, begins with what the band before it
 * would have left.
 *
 * @param groups the layers; all but the first read the one before, which no other does
 * @param rows rows of the result in a band; divides their number
 */
public record Chain(List<Group> groups, int rows) {
    static final int ROW = 2;

    private static final String JOINT = " + ";

    public Chain {
        groups = List.copyOf(groups);
    }

    /** Whether there is a single layer, which is computed as it is. */
    public boolean isSingle() {
        return groups.size() == 1;
    }

    /** The group whose result is seen outside. */
    public Group last() {
        return groups.getLast();
    }

    /** How diagnostics and reports call it. */
    public String label() {
        return groups.stream().map(Group::label).collect(Collectors.joining(JOINT));
    }

    /** What {@code group} is computed together with, in words; nothing if it is alone. */
    public String remark(Group group) {
        return isSingle()
                ? ""
                : "in bands of %d %s, with the layer %s"
                        .formatted(
                                rows,
                                rows == 1 ? "row" : "rows",
                                group == groups.getFirst() ? "after" : "before");
    }

    /** What its layers are computed by. */
    public String lowering() {
        return groups.stream()
                .map(group -> group.lowering().name())
                .distinct()
                .collect(Collectors.joining(JOINT));
    }

    /** Whether {@code node} is a result that only this chain sees. */
    public boolean hides(Node node) {
        return groups.stream().anyMatch(group -> group != last() && group.result() == node);
    }

    /** Bands of all images. */
    int tasks() {
        return bands() * last().result().shape().extent(0);
    }

    /** Bands of an image. */
    int bands() {
        return extent(groups.size() - 1, ROW) / rows;
    }

    /** How rows of layer {@code index} are computed. */
    Window window(int index) {
        return groups.get(index).lowering().rows(groups.get(index).root()).orElseThrow();
    }

    /** Of the result of layer {@code index}. */
    int extent(int index, int axis) {
        return groups.get(index).result().shape().extent(axis);
    }

    /**
     * Whether bands can be computed like this: rows divide, and what is there from the band before
     * was computed in that band alone, from rows that were, too.
     */
    boolean isPossible() {
        int needed = 0;
        for (int i = groups.size() - 1; i >= 0; i--) {
            BandRows band = rows(i);
            needed = Math.max(band.kept(), needed == 0 ? 0 : window(i + 1).span(0, needed));
            if (needed > band.computed() || band.computed() > extent(i, ROW)) {
                return false;
            }
        }
        // Rows outside of the map are computed, too, but for the first layer: from zeros.
        boolean inside =
                IntStream.range(1, groups.size() - 1)
                        .mapToObj(groups::get)
                        .noneMatch(g -> g.epilogueReads().stream().anyMatch(r -> isMap(r, g)));
        return inside && bands() * rows == extent(groups.size() - 1, ROW);
    }

    /** Numbers that a thread needs for the bands of all layers but the last one. */
    int numbers() {
        return new ChainDriver(this).numbers();
    }

    /** The rows of layer {@code index}'s result that a band needs. */
    BandRows rows(int index) {
        return index == groups.size() - 1
                ? new BandRows(0, rows, rows, 0)
                : rows(index + 1).before(window(index + 1));
    }

    /**
     * The kernel; a task is a band of an image.
     *
     * @param places for each layer, where the values lie that it reads or writes and others see
     * @param packed where each layer's packed weights begin
     */
    public Kernel lower(List<Map<Node, View>> places, List<Integer> packed, Tiles tiles) {
        return new ChainDriver(this).kernel(places, packed, tiles);
    }

    /** Whether {@code read} has the rows of the group's result. */
    static boolean isMap(Node read, Group group) {
        return read.shape().equals(group.result().shape());
    }
}
