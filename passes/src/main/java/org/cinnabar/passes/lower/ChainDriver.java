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
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Function;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Window;

/** The loops over the bands of a {@link Chain}, and a thread's memory for them. */
record ChainDriver(Chain chain) {
    private static final int COLUMN = 3;

    private static final String IMAGE = "image";
    private static final String BAND = "band";

    /** Parameter of a layer's kernels: the first row of its result that they compute. */
    private static final String FIRST = "row";

    /** How many rows that is after the first one that is asked for, which may be outside. */
    private static final String SKIPPED = "skipped";

    /** Numbers that a thread needs for the bands of all layers but the last one. */
    int numbers() {
        return buffers().stream().mapToInt(Buffer::numbers).sum();
    }

    private List<Buffer> buffers() {
        List<Buffer> buffers = new ArrayList<>();
        int end = 0;
        for (int i = 0; i + 1 < chain.groups().size(); i++) {
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
        private final BandRows rows;
        private final Window reader;
        private final int pitch;

        Buffer(int layer, int start) {
            this.layer = layer;
            this.start = start;
            this.rows = chain.rows(layer);
            this.reader = chain.window(layer + 1);
            this.pitch = Layout.pitch(chain.extent(layer, 1));
        }

        private int left() {
            return reader.padBegin().getLast() * pitch;
        }

        private int right() {
            return reader.padEnd().getLast() * pitch;
        }

        private int row() {
            return left() + chain.extent(layer, COLUMN) * pitch + right();
        }

        /**
         * The first layer's rows are computed inside of the map, so more than are needed at its
         * ends: rows that lie above the others here.
         */
        private int above() {
            int end = rows.start() + (chain.bands() - 1) * rows.advance() + rows.count();
            return layer > 0 ? 0 : Math.max(0, end - chain.extent(layer, Chain.ROW) - rows.kept());
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
                    List.of(1, chain.extent(layer, 1), height, chain.extent(layer, COLUMN)),
                    List.of(numbers(), 1, row(), pitch),
                    pitch - chain.extent(layer, 1));
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
                Index begin = minus(Index.of(chain.extent(layer, Chain.ROW)), needed);
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
    Kernel kernel(List<Map<Node, View>> places, List<Integer> packed, Tiles tiles) {
        List<Buffer> buffers = buffers();
        Tiles repeated = tiles.repeated(chain.tasks());
        int last = chain.groups().size() - 1;
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
        body.add(new Stmt.Bind(IMAGE, task.dividedBy(chain.bands())));
        body.add(new Stmt.Bind("before", task.modulo(chain.bands()).plus(-1)));
        Index begun = minus(task, Index.var("from")).min(Index.var("before").plus(1));
        body.add(loop("turn", begun.min(Index.of(1)), Index.of(2), 1, block(hidden)));
        body.add(new Stmt.Bind(BAND, Index.var("before").plus(1)));
        body.addAll(layer(last, site(last, buffers, places.get(last), packed.get(last)), repeated));
        List<Stmt> all = new ArrayList<>();
        buffers.forEach(buffer -> all.addAll(buffer.sides(tiles)));
        all.add(loop("task", Index.var("from"), Index.var("to"), 1, block(body)));
        return tiles.kernel(chain.label(), chain.tasks(), numbers(), block(all));
    }

    /** Computes the rows of layer {@code index} that band {@link #BAND} is the first to need. */
    private List<Stmt> layer(int index, Site site, Tiles tiles) {
        BandRows rows = chain.rows(index);
        Index first = rows.first(Index.var(BAND));
        Index inside =
                index > 0
                        ? first
                        : first.max(Index.of(0))
                                .min(Index.of(chain.extent(index, Chain.ROW) - rows.computed()));
        Map<String, Index> values =
                Map.of(
                        IMAGE,
                        Index.var(IMAGE),
                        FIRST,
                        inside,
                        SKIPPED,
                        index > 0 ? Index.of(0) : minus(inside, first));
        return chain.groups().get(index).lowering().lower(site, tiles).stream()
                .map(kernel -> call(kernel, values))
                .toList();
    }

    /** Layer {@code index} with views of the rows that are computed at once. */
    private Site site(int index, List<Buffer> buffers, Map<Node, View> places, int packed) {
        Group group = chain.groups().get(index);
        int height = chain.rows(index).computed();
        Map<Node, View> views = new IdentityHashMap<>();
        for (Node read : group.epilogueReads()) {
            View view = place(places, read);
            views.put(read, Chain.isMap(read, group) ? part(view, 1, height) : view);
        }
        Node x = group.root().in(0);
        Window window = chain.window(index);
        views.put(
                x,
                index == 0
                        ? part(place(places, x), window.stride().getFirst(), window.span(0, height))
                        : buffers.get(index - 1).read());
        Node y = group.result();
        views.put(
                y,
                index == chain.groups().size() - 1
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

    /** {@code height} rows of an image, from {@code stride} times the result's first one on. */
    private static View part(View view, int stride, int height) {
        List<Integer> extents = new ArrayList<>(view.extents());
        extents.set(0, 1);
        extents.set(Chain.ROW, height);
        Index offset =
                Index.var(IMAGE)
                        .times(view.stride(0))
                        .plus(Index.var(FIRST).times(stride * view.stride(Chain.ROW)))
                        .plus(view.offset());
        return new View(view.memory(), offset, extents, view.strides(), view.slack());
    }
}
