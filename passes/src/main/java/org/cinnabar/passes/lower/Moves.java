package org.cinnabar.passes.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Expand;
import org.cinnabar.ir.op.Gather;
import org.cinnabar.ir.op.Movement;
import org.cinnabar.ir.op.Pad;
import org.cinnabar.ir.op.Reshape;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Transpose;
import org.jspecify.annotations.Nullable;

/** Ops that only move values: views where memory allows, copies where not. */
final class Moves implements Lowering {
    @Override
    public String name() {
        return "move";
    }

    @Override
    public boolean accepts(Node root) {
        return switch (root.op()) {
            case Gather _ -> root.in(1).op() instanceof Constant;
            case Movement _ -> true;
            default -> false;
        };
    }

    @Override
    public List<Kernel> lower(Site site, Tiles tiles) {
        Node root = site.group().root();
        String label = site.group().label();
        View output = site.output();
        return switch (root.op()) {
            case Concat(int axis) -> concat(site, tiles, axis < 0 ? axis + output.rank() : axis);
            case Pad pad -> pad(tiles, label, pad, site.view(root.in(0)), output);
            case Gather(int axis) -> {
                View x = site.view(root.in(0));
                int a = axis < 0 ? axis + x.rank() : axis;
                yield List.of(gather(tiles, label, a, x, site.view(root.in(1)), output));
            }
            case Reshape _ -> List.of(reshape(site, tiles, label, root));
            default -> {
                View view = view(root, site.view(root.in(0)));
                if (view == null) {
                    throw new IllegalStateException("no view for " + root);
                }
                yield List.of(LoopNest.copy(tiles, label, view, output));
            }
        };
    }

    /**
     * {@code node}, which moves the value at {@code from}, as another view of it; null where only a
     * copy will do.
     */
    static @Nullable View view(Node node, View from) {
        return switch (node.op()) {
            case Reshape(var shape) ->
                    from.reshaped(IntStream.of(shape.extents()).boxed().toList());
            case Transpose(var permutation) -> from.permuted(permutation);
            case Slice(int axis, var start, long step, var count) ->
                    from.sliced(
                            axis < 0 ? axis + from.rank() : axis,
                            Math.toIntExact(start.value()),
                            Math.toIntExact(step),
                            Math.toIntExact(count.value()));
            case Expand(var shape) -> from.expanded(IntStream.of(shape.extents()).boxed().toList());
            default -> null;
        };
    }

    /** Copies the operands that were not computed in place. */
    private static List<Kernel> concat(Site site, Tiles tiles, int axis) {
        Node root = site.group().root();
        List<Kernel> kernels = new ArrayList<>();
        int start = 0;
        for (Node operand : root.in()) {
            int count = operand.shape().extent(axis);
            View part = site.output().sliced(axis, start, 1, count);
            View value = site.view(operand);
            boolean inPlace =
                    value.memory() == part.memory()
                            && value.offset().equals(part.offset())
                            && value.strides().equals(part.strides());
            if (!inPlace && count > 0) {
                kernels.add(LoopNest.copy(tiles, site.group().label(), value, part));
            }
            start += count;
        }
        return kernels;
    }

    /**
     * The interior, and around it a constant or, axis after axis, copies of what is there already.
     */
    private static List<Kernel> pad(Tiles tiles, String label, Pad pad, View from, View to) {
        List<Kernel> kernels = new ArrayList<>();
        View inner = to;
        for (int axis = 0; axis < to.rank(); axis++) {
            inner = inner.sliced(axis, pad.begin().get(axis), 1, from.extent(axis));
        }
        if (pad.mode() == Pad.Mode.CONSTANT) {
            kernels.add(LoopNest.fill(tiles, label, to, (float) pad.value()));
        }
        kernels.add(LoopNest.copy(tiles, label, from, inner));
        for (int axis = to.rank() - 1; axis >= 0 && pad.mode() != Pad.Mode.CONSTANT; axis--) {
            int begin = pad.begin().get(axis);
            int end = begin + from.extent(axis) - 1;
            View done = to;
            for (int a = 0; a < axis; a++) {
                done = done.sliced(a, pad.begin().get(a), 1, from.extent(a));
            }
            for (int i = 0; i < to.extent(axis); i++) {
                boolean mirrors = pad.mode() == Pad.Mode.REFLECT;
                int edge = Math.clamp(i, begin, end);
                int source = mirrors ? 2 * edge - i : edge;
                if (source != i) {
                    kernels.add(
                            LoopNest.copy(
                                    tiles,
                                    label,
                                    done.sliced(axis, source, 1, 1),
                                    done.sliced(axis, i, 1, 1)));
                }
            }
        }
        return kernels;
    }

    /** One task for each index: a copy of the slice that it names. */
    private static Kernel gather(
            Tiles tiles, String label, int axis, View x, View indices, View to) {
        View slice = x.sliced(axis, 0, 1, 1).without(axis, axis + 1);
        View target = to.without(axis, axis + indices.rank());
        View positions = to.without(axis + indices.rank(), to.rank()).without(0, axis);
        Index i = Index.var("i");
        Index source = new Index.Table(i.plus(indices.offset())).times(x.stride(axis));
        Index place = Code.minus(position(positions, i), to.offset());
        Stmt copy =
                Code.block(
                        new Stmt.Bind("source", source),
                        new Stmt.Bind("place", place),
                        Rows.shiftedCopy(
                                tiles, slice, Index.var("source"), target, Index.var("place")));
        return tiles.kernel(
                label,
                Math.max(indices.count(), 1),
                Code.loop("i", Index.var("from"), Index.var("to"), 1, copy));
    }

    /**
     * Copies over the coarsest common refinement of the two shapes, in which both sides are views.
     */
    private static Kernel reshape(Site site, Tiles tiles, String label, Node root) {
        View from = site.view(root.in(0));
        View to = site.output();
        List<Integer> refined = refinement(from.extents(), to.extents());
        View source = refined == null ? null : from.reshaped(refined);
        View target = refined == null ? null : to.reshaped(refined);
        return source == null || target == null
                ? oneByOne(tiles, label, from, to)
                : LoopNest.copy(tiles, label, source, target);
    }

    /** Copies number by number, each side's position worked out from the row-major count. */
    private static Kernel oneByOne(Tiles tiles, String label, View from, View to) {
        Index i = Index.var("i");
        Stmt copy =
                new Stmt.Store(
                        position(to, i), new Value.Load(from.memory(), position(from, i), 1));
        return tiles.kernel(
                label, to.count(), Code.loop("i", Index.var("from"), Index.var("to"), 1, copy));
    }

    private static Index position(View view, Index linear) {
        List<Index> position = new ArrayList<>();
        int below = view.count();
        for (int extent : view.extents()) {
            below /= extent;
            position.add(linear.dividedBy(below).modulo(extent));
        }
        return view.at(position);
    }

    /**
     * The coarsest extents of which both {@code a} and {@code b} are products of neighbours: [6,4]
     * and [3,8] give [3,2,4]; null where there are none, as for [6,2] and [4,3].
     */
    static @Nullable List<Integer> refinement(List<Integer> a, List<Integer> b) {
        List<Integer> refined = new ArrayList<>();
        int i = 0;
        int j = 0;
        int left = 1;
        int right = 1;
        while (true) {
            while (left == 1 && i < a.size()) {
                left = a.get(i++);
            }
            while (right == 1 && j < b.size()) {
                right = b.get(j++);
            }
            if (left == 1 && right == 1) {
                return refined;
            }
            int part = Math.min(left, right);
            if (left % part != 0 || right % part != 0) {
                return null;
            }
            refined.add(part);
            left /= part;
            right /= part;
        }
    }
}
