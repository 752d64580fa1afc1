package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.vectorsThenRest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.Value;
import org.cinnabar.ir.loop.View;

/**
 * Elementwise kernels: a shared function computes {@code m} rows of {@code n} numbers, a driver per
 * layer walks the outer axes. The first view is the output; the others are read.
 */
final class Rows {
    /**
     * From the numbers read at one index, in the order of the views read, to the number to be
     * stored; may add locals.
     */
    interface Body {
        Value value(int lanes, List<Stmt> out, List<Value> read);
    }

    /** Below this many numbers a kernel is one task. */
    private static final int SMALL = 1 << 13;

    private static final int MOST_TASKS = 64;

    /** Maps that are one long row of short pixels are cut into rows of at most this length. */
    private static final int LONGEST_ROW = 512;

    private static final int SHORT_ROW = 16;

    /** Numbers that lie without gaps are cut into rows of at most this length, for threads. */
    private static final int LONGEST_STRETCH = 4096;

    /** Farther steps are arguments: a dry run would leave its array. */
    private static final int MOST_CONSTANT = 256;

    private static final int ARGUMENT = -1;

    private Rows() {}

    /**
     * The loops of one elementwise computation: what is fixed before its work is split or shifted.
     */
    private record Loops(Nest nest, Nest.Axis middle, Nest.Axis inner, int length, Function rows) {
        static Loops of(
                Tiles tiles, String name, Object key, List<View> views, boolean vector, Body body) {
            Nest nest = Nest.over(views, List.of());
            if (nest.axes().size() == 2 && nest.axes().getLast().extent() < SHORT_ROW) {
                // The output is cut into stretches, so that tasks do not share its cache lines.
                nest = nest.withShort(0, LONGEST_ROW, 1);
            } else if (nest.axes().size() == 1) {
                nest = nest.withShort(0, LONGEST_STRETCH, Panels.BLOCK);
            }
            int depth = nest.axes().size();
            Nest.Axis inner = depth > 0 ? nest.axes().getLast() : single(views.size(), 1);
            Nest.Axis middle = depth > 1 ? nest.axes().get(depth - 2) : single(views.size(), 0);
            boolean unit =
                    inner.strides().stream().allMatch(s -> s == 0 || s == 1)
                            && inner.stride(0) == 1;
            if (!unit && middle.extent() > inner.extent()) {
                Nest.Axis longer = middle;
                middle = inner;
                inner = longer;
            }
            List<Integer> strides =
                    inner.strides().stream()
                            .map(s -> s >= 0 && s <= MOST_CONSTANT ? s : ARGUMENT)
                            .toList();
            int lanes = unit && vector ? tiles.target().lanes() : 1;
            int padded = Layout.padded(inner.extent());
            boolean whole =
                    unit && depth > 0 && padded - inner.extent() <= views.getFirst().slack();
            List<Memory> memories = views.stream().map(View::memory).toList();
            Function rows =
                    tiles.shared(
                            name,
                            List.of("rows", key, strides, memories, lanes),
                            unique -> function(unique, memories, strides, lanes, body));
            return new Loops(nest, middle, inner, whole ? padded : inner.extent(), rows);
        }

        /** Loops around the two that the shared function has. */
        int outer() {
            return Math.max(nest.axes().size() - 2, 0);
        }

        Stmt call(Index count, List<Index> offsets) {
            List<Index> arguments = new ArrayList<>(List.of(count, Index.of(length)));
            for (int v = 0; v < offsets.size(); v++) {
                arguments.add(offsets.get(v));
                arguments.add(Index.of(middle.stride(v)));
                arguments.add(Index.of(inner.stride(v)));
            }
            return new Stmt.Call(rows, arguments);
        }
    }

    /**
     * One kernel that stores {@code body} over {@code output} for values read from {@code inputs},
     * all of the same extents.
     *
     * @param key distinguishes different bodies
     */
    static Kernel kernel(
            Tiles tiles,
            String label,
            String name,
            Object key,
            View output,
            List<View> inputs,
            boolean vector,
            Body body) {
        List<View> views = new ArrayList<>(List.of(output));
        views.addAll(inputs);
        Loops loops = Loops.of(tiles, name, key, views, vector, body);
        Nest nest = loops.nest();
        int outerCount = nest.outerCount(loops.outer());
        boolean splitsMiddle = outerCount == 1;
        int units = splitsMiddle ? loops.middle().extent() : outerCount;
        int tasks = output.count() < SMALL ? 1 : Math.min(units, MOST_TASKS);
        Index from = Index.var(Kernel.RANGE.get(0)).times(units).dividedBy(tasks);
        Index to = Index.var(Kernel.RANGE.get(1)).times(units).dividedBy(tasks);
        List<Index> offsets = new ArrayList<>();
        for (int v = 0; v < views.size(); v++) {
            offsets.add(
                    splitsMiddle
                            ? from.times(loops.middle().stride(v)).plus(nest.offsets().get(v))
                            : nest.outerOffset(v, loops.outer(), Index.var("u")));
        }
        Stmt work =
                splitsMiddle
                        ? loops.call(Code.minus(to, from), offsets)
                        : loop(
                                "u",
                                from,
                                to,
                                1,
                                loops.call(Index.of(loops.middle().extent()), offsets));
        return tiles.kernel(label, tasks, work);
    }

    /**
     * Copies {@code from} to {@code to}, moved on by {@code fromShift} and {@code toShift} numbers.
     */
    static Stmt shiftedCopy(Tiles tiles, View from, Index fromShift, View to, Index toShift) {
        Loops loops =
                Loops.of(
                        tiles,
                        "copy",
                        "copy",
                        List.of(to, from),
                        true,
                        (_, _, read) -> read.getFirst());
        Index u = Index.var("u");
        List<Index> offsets =
                List.of(
                        loops.nest().outerOffset(0, loops.outer(), u).plus(toShift),
                        loops.nest().outerOffset(1, loops.outer(), u).plus(fromShift));
        Stmt call = loops.call(Index.of(loops.middle().extent()), offsets);
        return loop("u", Index.of(loops.nest().outerCount(loops.outer())), call);
    }

    private static Nest.Axis single(int views, int stride) {
        return new Nest.Axis(1, Collections.nCopies(views, stride));
    }

    /** {@code name(m, n, y, dy, sy, a0, da0, sa0, a1, ...)}. */
    private static Function function(
            String name, List<Memory> memories, List<Integer> strides, int lanes, Body body) {
        List<String> parameters = new ArrayList<>(List.of("m", "n"));
        List<Stmt> row = new ArrayList<>();
        for (int v = 0; v < memories.size(); v++) {
            String base = base(v);
            parameters.add(base);
            parameters.add("d" + base);
            parameters.add("s" + base);
            Index start = Index.var("r").times(Index.var("d" + base)).plus(Index.var(base));
            row.add(new Stmt.Bind(base + "r", start));
        }
        Index n = Index.var("n");
        row.addAll(
                vectorsThenRest(
                        n,
                        lanes,
                        (column, width) -> store(memories, strides, width, body, column)));
        return new Function(
                name, parameters, loop("r", Index.of(0), Index.var("m"), 1, block(row)));
    }

    private static Stmt store(
            List<Memory> memories, List<Integer> strides, int lanes, Body body, String column) {
        List<Stmt> out = new ArrayList<>();
        List<Value> read = new ArrayList<>();
        for (int v = 1; v < memories.size(); v++) {
            boolean repeats = strides.get(v) == 0 && lanes > 1;
            Value load =
                    new Value.Load(memories.get(v), at(v, strides, column), repeats ? 1 : lanes);
            Value.Local local = new Value.Local("x" + (v - 1), lanes);
            out.add(new Stmt.Let(local, repeats ? new Value.Splat(load, lanes) : load));
            read.add(local);
        }
        Value value = body.value(lanes, out, read);
        out.add(new Stmt.Store(at(0, strides, column), value));
        return block(out);
    }

    private static Index at(int view, List<Integer> strides, String column) {
        Index step =
                strides.get(view) == ARGUMENT
                        ? Index.var("s" + base(view))
                        : Index.of(strides.get(view));
        return Index.var(base(view) + "r").plus(Index.var(column).times(step));
    }

    private static String base(int view) {
        return view == 0 ? "y" : "a" + (view - 1);
    }
}
