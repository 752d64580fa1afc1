package org.cinnabar.passes.lower;

import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Stmt;

/**
 * Where the tiles of a {@link PanelDriver} leave the sums of a row of pixels, and what becomes of
 * them: they lie among the results, or in a thread's own memory.
 */
record PanelSums(PanelDriver.Loops loops, PanelDriver.Strip strip) {
    /**
     * Numbers that they need for themselves where the results are several rows, or hold what the
     * sums are to be added to: the epilogue then passes over it at even distances, which a core
     * foresees.
     */
    int own() {
        boolean replaces = loops.epilogue().isInPlace() && !loops.isCut(strip);
        return strip.count() > 0
                        && (replaces || loops.joinsRows())
                        && !loops.form().isFused(loops.epilogue())
                ? loops.row().extent() * strip.channels()
                : 0;
    }

    /** Between neighbouring pixels. */
    int distance() {
        return own() > 0 ? strip.channels() : loops.row().stride(0);
    }

    Index at(Index pixel) {
        Index first = own() > 0 ? Index.var("own").plus(Index.var("part")) : Index.var("base0");
        return pixel.times(distance()).plus(first);
    }

    /** Whether the first stretch of a sum is added to what the results hold. */
    boolean addInPlace() {
        return loops.isCut(strip) && loops.epilogue().isInPlace() && !loops.joinsRows();
    }

    /** Stores zeros. */
    List<Stmt> zeros() {
        ZeroRow function = new ZeroRow(lanes());
        return IntStream.range(0, strip.joined() * loops.vectors(strip))
                .mapToObj(
                        v ->
                                function.call(
                                        loops.tiles(),
                                        at(Index.of(0)).plus(channel(v)),
                                        distance(),
                                        loops.row().extent()))
                .toList();
    }

    /** The epilogue of the row, or of the rows of results in it. */
    List<Stmt> epilogue() {
        Epilogue epilogue = addInPlace() ? loops.epilogue().afterResidual() : loops.epilogue();
        if (!loops.joinsRows()) {
            return epilogue.isEmpty()
                    ? List.of()
                    : epilogue(epilogue, loops.row(), Index.of(0), v -> Index.var("base" + v));
        }
        Nest results = loops.results();
        int outer = results.axes().size() - 1;
        Nest.Axis row = results.axes().getLast();
        Index line = Index.var("line");
        Index channel = Index.var("channel").plus(Index.var("part"));
        List<Stmt> calls =
                epilogue(
                        epilogue,
                        row,
                        line.times(row.extent()),
                        v -> results.outerOffset(v, outer, line).plus(channel));
        return List.of(
                loop("line", Index.of(0), Index.of(results.outerCount(outer)), 1, block(calls)));
    }

    /**
     * Calls of {@code epilogue} for a row from {@code pixel} on, whose places {@code first} has.
     */
    private List<Stmt> epilogue(
            Epilogue epilogue, Nest.Axis row, Index pixel, IntFunction<Index> first) {
        List<Stmt> calls = new ArrayList<>();
        int vectors = loops.vectors(strip);
        boolean isContiguous = loops.form().precision().isContiguous(loops.tiles().target());
        int neighbours = isContiguous ? vectors : 1;
        EpilogueRow function = new EpilogueRow(neighbours, lanes());
        for (int v = 0; v < strip.joined() * vectors; v += neighbours) {
            int channel = channel(v);
            calls.add(
                    function.call(
                            loops.tiles(),
                            epilogue,
                            at(pixel).plus(channel),
                            distance(),
                            first.apply(0).plus(channel),
                            row.stride(0),
                            e -> first.apply(e + 2).plus(channel),
                            e -> row.stride(e + 2),
                            row.extent()));
        }
        return calls;
    }

    private int lanes() {
        return loops.tiles().target().lanes();
    }

    /** The first channel of vector {@code v}, from the strip's first one on. */
    private int channel(int v) {
        int vectors = loops.vectors(strip);
        return v / vectors * strip.width()
                + loops.form().precision().channel(v % vectors, vectors, lanes());
    }
}
