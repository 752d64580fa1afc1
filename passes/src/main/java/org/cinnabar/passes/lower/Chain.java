package org.cinnabar.passes.lower;

import static java.util.Objects.requireNonNull;
import static org.cinnabar.passes.lower.Code.block;
import static org.cinnabar.passes.lower.Code.loop;
import static org.cinnabar.passes.lower.Code.minus;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
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
    private static final int COLUMN = 3;

    private static final String JOINT = " + ";

    private static final String IMAGE = "image";
    private static final String BAND = "band";

    /** Parameter of a layer's kernels: the first row of its result that they compute. */
    private static final String FIRST = "row";

    /** How many rows that is after the first one that is asked for, which may be outside. */
    private static final String SKIPPED = "skipped";

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

    private Window window(int index) {
        return groups.get(index).lowering().rows(groups.get(index).root()).orElseThrow();
    }

    private int extent(int index, int axis) {
        return groups.get(index).result().shape().extent(axis);
    }

    /**
     * Whether bands can be computed like this: rows divide, and what is there from the band before
     * was computed in that band alone, from rows that were, too.
     */
    boolean isPossible() {
        int needed = 0;
        for (int i = groups.size() - 1; i >= 0; i--) {
            Rows band = rows(i);
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
        return buffers().stream().mapToInt(Buffer::numbers).sum();
    }

    /**
     * The rows of a layer's result that its reader needs for band b: {@code count} from {@code
     * start + b·advance} on, the first {@code kept} of which are there from band b-1.
     */
    private record Rows(int start, int advance, int count, int kept) {
        int computed() {
            return count - kept;
        }

        /** The first row that is computed for {@code band}. */
        Index first(Index band) {
            return needed(band).plus(kept);
        }

        Index needed(Index band) {
            return band.times(advance).plus(start);
        }

        /** Rows of what {@code window} reads for these. */
        Rows before(Window window) {
            int stride = window.stride().getFirst();
            int span = window.span(0, computed());
            return new Rows(
                    (start + kept) * stride - window.padBegin().getFirst(),
                    advance * stride,
                    span,
                    Math.max(0, span - advance * stride));
        }
    }

    private Rows rows(int index) {
        return index == groups.size() - 1
                ? new Rows(0, rows, rows, 0)
                : rows(index + 1).before(window(index + 1));
    }

    private List<Buffer> buffers() {
        List<Buffer> buffers = new ArrayList<>();
        int end = 0;
        for (int i = 0; i + 1 < groups.size(); i++) {
            buffers.add(new Buffer(i, end));
            end += buffers.get(i).numbers();
        }
        return buffers;
    }

    /**
     * A thread's memory for the rows of a layer's result that its reader needs, zeros around them
     * where it reads beyond the map.
     */
    private final class Buffer {
        private final int layer;
        private final int start;
        private final Rows rows;
        private final Window reader;
        private final int pitch;

        Buffer(int layer, int start) {
            this.layer = layer;
            this.start = start;
            this.rows = rows(layer);
            this.reader = window(layer + 1);
            this.pitch = Layout.pitch(extent(layer, 1));
        }

        private int left() {
            return reader.padBegin().getLast() * pitch;
        }

        private int right() {
            return reader.padEnd().getLast() * pitch;
        }

        private int row() {
            return left() + extent(layer, COLUMN) * pitch + right();
        }

        /**
         * The first layer's rows are computed inside of the map, so more than are needed at its
         * ends: rows that lie above the others here.
         */
        private int above() {
            int end = rows.start() + (bands() - 1) * rows.advance() + rows.count();
            return layer > 0 ? 0 : Math.max(0, end - extent(layer, ROW) - rows.kept());
        }

        /** The same below, before the first band. */
        private int below() {
            return layer > 0 ? 0 : Math.max(0, rows.advance() - rows.start() - rows.kept());
        }

        int numbers() {
            return row() * (above() + rows.count() + below());
        }

        /** The first row that is needed, from its left end. */
        private Index top() {
            return Index.var("own").plus(start + row() * above());
        }

        private View view(Index row, int height) {
            return new View(
                    Memory.ARENA,
                    row.times(row()).plus(top()).plus(left()),
                    List.of(1, extent(layer, 1), height, extent(layer, COLUMN)),
                    List.of(numbers(), 1, row(), pitch),
                    pitch - extent(layer, 1));
        }

        /** Where the layer's kernels write. */
        View written() {
            return view(Index.var(SKIPPED).plus(rows.kept()), rows.computed());
        }

        /** What its reader reads; row 0 is where the first window would begin without padding. */
        View read() {
            return view(Index.of(reader.padBegin().getFirst()), rows.count());
        }

        /** Zeros the columns beside the map, which nothing else writes. */
        List<Stmt> sides(Tiles tiles) {
            List<Stmt> calls = new ArrayList<>();
            for (int at : new int[] {0, row() - right()}) {
                int width = at == 0 ? left() : right();
                if (width > 0) {
                    View view =
                            new View(
                                    Memory.ARENA,
                                    top().plus(at),
                                    List.of(rows.count(), width),
                                    List.of(row(), 1),
                                    0);
                    calls.add(call(Copies.fill(tiles, "border", view, 0), Map.of()));
                }
            }
            return calls;
        }

        /** Moves the rows that the next band needs, too, to its place for them. */
        List<Stmt> keep(Tiles tiles) {
            if (rows.kept() == 0) {
                return List.of();
            }
            List<Integer> extents = List.of(rows.kept() * row());
            View to = new View(Memory.ARENA, top(), extents, List.of(1), 0);
            View from = to.shifted(rows.computed() * row());
            return List.of(call(Copies.copy(tiles, "kept", from, to), Map.of()));
        }

        /** Zeros rows outside of the map. */
        List<Stmt> outside(Tiles tiles) {
            Index needed = rows.needed(Index.var(BAND));
            Index count = Index.of(rows.count());
            List<Stmt> loops = new ArrayList<>();
            if (reader.padBegin().getFirst() > 0) {
                Index end = minus(Index.of(0), needed).min(count);
                loops.add(zeros(tiles, Index.of(0), end));
            }
            if (reader.padEnd().getFirst() > 0) {
                Index begin = minus(Index.of(extent(layer, ROW)), needed);
                loops.add(zeros(tiles, begin, count));
            }
            return loops;
        }

        private Stmt zeros(Tiles tiles, Index from, Index to) {
            Index line = Index.var("line");
            View view =
                    new View(
                            Memory.ARENA,
                            line.times(row()).plus(top()),
                            List.of(row()),
                            List.of(1),
                            0);
            Kernel kernel = Copies.fill(tiles, "border", view, 0);
            return loop("line", from, to, 1, call(kernel, Map.of("line", line)));
        }
    }

    /** All tasks of {@code kernel}, whose driver gets {@code values} as parameters, too. */
    private static Stmt call(Kernel kernel, Map<String, Index> values) {
        if (kernel.own() > 0) {
            throw new IllegalStateException(kernel.label() + " needs memory that bands are in");
        }
        List<String> parameters = new ArrayList<>(Kernel.RANGE);
        List<Index> arguments =
                new ArrayList<>(List.of(Index.of(0), Index.of(kernel.tasks()), Index.var("own")));
        for (String name : new TreeSet<>(values.keySet())) {
            parameters.add(name);
            arguments.add(requireNonNull(values.get(name)));
        }
        Function driver = kernel.driver();
        return new Stmt.Call(new Function(driver.name(), parameters, driver.body()), arguments);
    }

    /**
     * The kernel; a task is a band of an image.
     *
     * @param places for each layer, where the values lie that it reads or writes and others see
     * @param packed where each layer's packed weights begin
     */
    public Kernel lower(List<Map<Node, View>> places, List<Integer> packed, Tiles tiles) {
        List<Buffer> buffers = buffers();
        Tiles repeated = tiles.repeated(tasks());
        int last = groups.size() - 1;
        List<Stmt> hidden = new ArrayList<>();
        hidden.add(new Stmt.Bind(BAND, Index.var("turn").plus(Index.var("before"))));
        for (int i = 0; i < last; i++) {
            Buffer buffer = buffers.get(i);
            hidden.addAll(buffer.keep(tiles));
            hidden.addAll(layer(i, site(i, buffers, places.get(i), packed.get(i)), repeated));
            hidden.addAll(buffer.outside(tiles));
        }
        Index task = Index.var("task");
        List<Stmt> body = new ArrayList<>();
        body.add(new Stmt.Bind(IMAGE, task.dividedBy(bands())));
        body.add(new Stmt.Bind("before", task.modulo(bands()).plus(-1)));
        Index begun = minus(task, Index.var("from")).min(Index.var("before").plus(1));
        body.add(loop("turn", begun.min(Index.of(1)), Index.of(2), 1, block(hidden)));
        body.add(new Stmt.Bind(BAND, Index.var("before").plus(1)));
        body.addAll(layer(last, site(last, buffers, places.get(last), packed.get(last)), repeated));
        List<Stmt> all = new ArrayList<>();
        buffers.forEach(buffer -> all.addAll(buffer.sides(tiles)));
        all.add(loop("task", Index.var("from"), Index.var("to"), 1, block(body)));
        return tiles.kernel(label(), tasks(), numbers(), block(all));
    }

    /** Computes the rows of layer {@code index} that band {@link #BAND} is the first to need. */
    private List<Stmt> layer(int index, Site site, Tiles tiles) {
        Rows rows = rows(index);
        Index first = rows.first(Index.var(BAND));
        Index inside =
                index > 0
                        ? first
                        : first.max(Index.of(0))
                                .min(Index.of(extent(index, ROW) - rows.computed()));
        Map<String, Index> values =
                Map.of(
                        IMAGE,
                        Index.var(IMAGE),
                        FIRST,
                        inside,
                        SKIPPED,
                        index > 0 ? Index.of(0) : minus(inside, first));
        return groups.get(index).lowering().lower(site, tiles).stream()
                .map(kernel -> call(kernel, values))
                .toList();
    }

    /** Layer {@code index} with views of the rows that are computed at once. */
    private Site site(int index, List<Buffer> buffers, Map<Node, View> places, int packed) {
        Group group = groups.get(index);
        int height = rows(index).computed();
        Map<Node, View> views = new IdentityHashMap<>();
        for (Node read : group.epilogueReads()) {
            View view = place(places, read);
            views.put(read, isMap(read, group) ? part(view, 1, height) : view);
        }
        Node x = group.root().in(0);
        Window window = window(index);
        views.put(
                x,
                index == 0
                        ? part(place(places, x), window.stride().getFirst(), window.span(0, height))
                        : buffers.get(index - 1).read());
        Node y = group.result();
        views.put(
                y,
                index == groups.size() - 1
                        ? part(place(places, y), 1, height)
                        : buffers.get(index).written());
        return new Site(group, views, packed, 0);
    }

    private static View place(Map<Node, View> places, Node node) {
        View view = places.get(node);
        if (view == null) {
            throw new IllegalStateException("no place for " + node);
        }
        return view;
    }

    /** Whether {@code read} has the rows of the group's result. */
    static boolean isMap(Node read, Group group) {
        return read.shape().equals(group.result().shape());
    }

    /** {@code height} rows of an image, from {@code stride} times the result's first one on. */
    private static View part(View view, int stride, int height) {
        List<Integer> extents = new ArrayList<>(view.extents());
        extents.set(0, 1);
        extents.set(ROW, height);
        Index offset =
                Index.var(IMAGE)
                        .times(view.stride(0))
                        .plus(Index.var(FIRST).times(stride * view.stride(ROW)))
                        .plus(view.offset());
        return new View(view.memory(), offset, extents, view.strides(), view.slack());
    }
}
