package org.cinnabar.codegen.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.loop.Index;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.Stmt;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.passes.lower.Copies;
import org.cinnabar.passes.lower.Fusion;
import org.cinnabar.passes.lower.Group;
import org.cinnabar.passes.lower.Layout;
import org.cinnabar.passes.lower.Site;
import org.cinnabar.passes.lower.Tiles;

/**
 * A network with all its memory decided: where every value and packed weight lies, and what runs
 * when. One schedule serves every target; {@link #kernels} writes the loops for one.
 */
public final class Schedule {
    /** One input or output: row-major numbers from {@code offset} of the arena on. */
    public record Port(String name, List<Integer> extents, int offset) {}

    /** Vectors may be read or written past the end of the last buffer. */
    private static final int TAIL = 64;

    private static final int LINE = 16;

    /** Makes the kernels of one step once buffers have offsets. */
    private record Step(String label, Function<Tiles, List<Kernel>> kernels) {}

    private record CopyKey(Node node, Layout layout) {}

    private final Graph graph;
    private final List<Group> groups;
    private final Demands demands;
    private final WeightPool pool = new WeightPool();
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<Node, Place> places = new IdentityHashMap<>();
    private final Map<CopyKey, Place> copies = new HashMap<>();
    private final Map<Node, Place> outputs = new IdentityHashMap<>();
    private final int arena;

    private Schedule(Graph graph) {
        this.graph = graph;
        this.groups = Fusion.groups(graph);
        this.demands = new Demands(graph, groups);
        for (Node input : graph.inputs()) {
            Place place = rowMajor(input);
            touch(place, Buffer.START);
            places.put(input, place);
        }
        groups.forEach(this::schedule);
        for (Graph.Output output : graph.outputs()) {
            outputs.computeIfAbsent(output.node(), this::contiguous);
        }
        outputs.values().forEach(place -> touch(place, Buffer.END));
        this.arena = MemoryPlan.place(buffers.stream().filter(Buffer::isTouched).toList()) + TAIL;
    }

    /**
     * Schedules a canonical graph whose shapes are known.
     *
     * @throws org.cinnabar.passes.lower.LoweringException if some op has no lowering
     */
    public static Schedule of(Graph graph) {
        return new Schedule(graph);
    }

    /** The groups, in order of execution. */
    public List<Group> groups() {
        return groups;
    }

    /** Numbers in the arena. */
    public int arenaLength() {
        return arena;
    }

    /** The packed weights. */
    public float[] weights() {
        return pool.toArray();
    }

    public List<Port> inputs() {
        return graph.inputs().stream()
                .map(node -> port(((Input) node.op()).name(), place(node)))
                .toList();
    }

    public List<Port> outputs() {
        return graph.outputs().stream()
                .map(
                        output -> {
                            Place place = outputs.get(output.node());
                            if (place == null) {
                                throw new IllegalStateException(
                                        "no place for output " + output.name());
                            }
                            return port(output.name(), place);
                        })
                .toList();
    }

    private static Port port(String name, Place place) {
        return new Port(name, place.view().extents(), place.resolved().offset());
    }

    /** The kernels for the target of {@code tiles}, in order. */
    public List<Kernel> kernels(Tiles tiles) {
        return steps.stream().flatMap(step -> step.kernels().apply(tiles).stream()).toList();
    }

    private Place place(Node node) {
        Place place = places.get(node);
        if (place == null && node.op() instanceof Constant(Tensor value)) {
            int offset = pool.add(narrowed(value));
            List<Integer> extents = extents(node);
            place =
                    Place.bare(
                            null,
                            new View(Memory.WEIGHTS, offset, extents, View.rowMajor(extents), 0));
            places.put(node, place);
        }
        if (place == null) {
            throw new IllegalStateException("no place for " + node);
        }
        return place;
    }

    private static float[] narrowed(Tensor value) {
        double[] wide = value.toDoubles();
        float[] floats = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            floats[i] = (float) wide[i];
        }
        return floats;
    }

    private void schedule(Group group) {
        Node root = group.root();
        if (Copies.isView(root)) {
            Place from = place(root.in(0));
            View view = Copies.view(root, from.view());
            if (view != null) {
                places.put(
                        root,
                        root.op() instanceof Slice(int axis, _, _, _)
                                ? from.sliced(axis, view)
                                : Place.bare(from.buffer(), view));
                return;
            }
        }
        Map<Node, Place> sites = new IdentityHashMap<>();
        for (Node read : group.reads()) {
            Layout layout = group.lowering().layout(group, read);
            sites.put(read, read.op() instanceof Constant ? place(read) : fitting(read, layout));
        }
        Place output = output(group, sites);
        places.put(group.result(), output);
        sites.put(group.result(), output);
        int packed = pool.add(group.lowering().pack(root));
        step(
                group.label(),
                sites.values(),
                tiles -> {
                    Map<Node, View> views = new IdentityHashMap<>();
                    sites.forEach((node, place) -> views.put(node, place.resolved()));
                    return group.lowering().lower(new Site(group, views, packed), tiles);
                });
    }

    /** Where {@code node} lies as {@code layout} asks, copied there if it does not yet. */
    private Place fitting(Node node, Layout layout) {
        Place place = place(node);
        if (place.satisfies(layout)) {
            return place;
        }
        return copies.computeIfAbsent(
                new CopyKey(node, layout),
                _ -> {
                    List<Integer> extents = place.view().extents();
                    int width = extents.get(layout.unitAxis());
                    Place copy =
                            allocate(
                                    extents,
                                    order(extents.size(), layout.unitAxis()),
                                    layout.before(),
                                    layout.after(),
                                    width < LINE ? width : padded(width));
                    copyStep(node, place, copy);
                    return copy;
                });
    }

    /** Where {@code node} lies row-major without gaps, copied there if it does not yet. */
    private Place contiguous(Node node) {
        Place place = place(node);
        if (place.buffer() != null && place.view().isRowMajor()) {
            return place;
        }
        Place copy = rowMajor(node);
        copyStep(node, place, copy);
        return copy;
    }

    private void copyStep(Node node, Place from, Place to) {
        String label = "layout of " + node.origin().node();
        step(
                label,
                List.of(from, to),
                tiles -> List.of(Copies.copy(tiles, label, from.resolved(), to.resolved())));
    }

    private void step(
            String label, Iterable<Place> touched, Function<Tiles, List<Kernel>> kernels) {
        steps.add(new Step(label, kernels));
        touched.forEach(place -> touch(place, steps.size() - 1));
    }

    private static void touch(Place place, int step) {
        if (place.buffer() != null) {
            place.buffer().touch(step);
        }
    }

    private Place output(Group group, Map<Node, Place> sites) {
        Node result = group.result();
        Optional<Demands.Part> part = demands.part(result);
        if (part.isPresent()) {
            return part(result, part.get());
        }
        Place made = places.get(result);
        if (made != null) {
            return made;
        }
        int rank = result.shape().rank();
        int unit = group.lowering().unitAxis(group);
        boolean free = unit < 0;
        if (free
                && rank > 2
                && (demands.wantsChannels(result)
                        || rank == 4 && group.root().op() instanceof Concat)) {
            unit = 1;
        }
        List<Integer> order = unit >= 0 ? order(rank, unit) : order(group, sites);
        int width = order.isEmpty() ? 1 : result.shape().extent(order.getLast());
        boolean exact = free && width < LINE;
        return allocate(
                extents(result),
                order,
                demands.before(result),
                demands.after(result),
                exact ? width : padded(width));
    }

    /** The place of {@code node} inside the concatenation that it is part of. */
    private Place part(Node node, Demands.Part part) {
        Node concat = part.concat();
        Place whole = places.get(concat);
        if (whole == null) {
            whole =
                    demands.part(concat).isPresent()
                            ? part(concat, demands.part(concat).get())
                            : allocate(
                                    extents(concat),
                                    order(concat.shape().rank(), 1),
                                    demands.before(concat),
                                    demands.after(concat),
                                    padded(concat.shape().extent(1)));
            places.put(concat, whole);
        }
        View view = whole.view().sliced(1, part.start(), 1, node.shape().extent(1));
        return new Place(whole.buffer(), roomy(view), whole.before(), whole.after());
    }

    /**
     * A part of a concatenation may be stored in whole vectors: the next part begins on a vector.
     */
    private static View roomy(View view) {
        int slack = padded(view.extent(1)) - view.extent(1);
        return new View(view.memory(), view.offset(), view.extents(), view.strides(), slack);
    }

    private Place rowMajor(Node node) {
        List<Integer> extents = extents(node);
        List<Integer> none = Collections.nCopies(extents.size(), 0);
        int width = extents.isEmpty() ? 1 : extents.getLast();
        return allocate(extents, order(extents.size(), extents.size() - 1), none, none, width);
    }

    /**
     * A new buffer for a tensor whose axes lie in {@code order}, outermost first, with {@code
     * width} numbers between rows of the innermost one. The borders are zeroed by a step of their
     * own.
     */
    private Place allocate(
            List<Integer> extents,
            List<Integer> order,
            List<Integer> before,
            List<Integer> after,
            int width) {
        Integer[] strides = new Integer[extents.size()];
        int stride = 1;
        int offset = 0;
        for (int i = order.size() - 1; i >= 0; i--) {
            int axis = order.get(i);
            strides[axis] = stride;
            offset += before.get(axis) * stride;
            int rows = before.get(axis) + extents.get(axis) + after.get(axis);
            stride = Math.multiplyExact(stride, i == order.size() - 1 ? width : rows);
        }
        Buffer buffer = new Buffer(padded(stride));
        buffers.add(buffer);
        int inner = order.isEmpty() ? 1 : extents.get(order.getLast());
        boolean oneRow = stride == width;
        int slack = (oneRow ? padded(inner) : width) - inner;
        Place place =
                new Place(
                        buffer,
                        new View(Memory.ARENA, offset, extents, List.of(strides), slack),
                        before,
                        after);
        List<View> borders = borders(place);
        if (!borders.isEmpty()) {
            zero(place, borders);
        }
        return place;
    }

    /**
     * The stretches around a value that have to be zero: for every axis those before and after,
     * over all of the others.
     */
    private static List<View> borders(Place place) {
        List<View> borders = new ArrayList<>();
        View view = place.view();
        for (int axis = 0; axis < view.rank(); axis++) {
            int low = place.before().get(axis);
            int high = place.after().get(axis);
            if (low > 0) {
                borders.add(part(place, axis, -low, low));
            }
            if (high > 0) {
                borders.add(part(place, axis, view.extent(axis), high));
            }
        }
        return borders;
    }

    /**
     * {@code count} entries of {@code axis} from {@code start}, the later axes with their borders.
     */
    private static View part(Place place, int axis, int start, int count) {
        View view = place.view();
        List<Integer> extents = new ArrayList<>(view.extents());
        int offset = view.offset() + start * view.stride(axis);
        extents.set(axis, count);
        for (int a = axis + 1; a < view.rank(); a++) {
            offset -= place.before().get(a) * view.stride(a);
            extents.set(a, place.before().get(a) + view.extent(a) + place.after().get(a));
        }
        return new View(view.memory(), offset, extents, view.strides(), view.slack());
    }

    private void zero(Place place, List<View> borders) {
        step(
                "border",
                List.of(place),
                tiles -> {
                    List<Stmt> calls = new ArrayList<>();
                    for (View border : borders) {
                        Place part = Place.bare(place.buffer(), border);
                        Kernel fill = Copies.fill(tiles, "border", part.resolved(), 0);
                        calls.add(
                                new Stmt.Call(
                                        fill.driver(),
                                        List.of(Index.of(0), Index.of(fill.tasks()))));
                    }
                    return List.of(Copies.together(tiles, "border", calls));
                });
    }

    /** Axes in logical order with {@code unit} moved to the end. */
    private static List<Integer> order(int rank, int unit) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        if (unit >= 0) {
            order.remove(Integer.valueOf(unit));
            order.add(unit);
        }
        return order;
    }

    /**
     * The order in which the first operand of the result's rank has its axes; those of one entry go
     * outermost.
     */
    private static List<Integer> order(Group group, Map<Node, Place> sites) {
        int rank = group.result().shape().rank();
        for (Node read : group.reads()) {
            Place place = sites.get(read);
            if (place != null
                    && place.buffer() != null
                    && place.view().rank() == rank
                    && place.view().count() > 1) {
                View view = place.view();
                List<Integer> extents = extents(group.result());
                return IntStream.range(0, rank)
                        .boxed()
                        .sorted(
                                Comparator.comparingInt(
                                                (Integer axis) ->
                                                        extents.get(axis) == 1
                                                                ? Integer.MAX_VALUE
                                                                : Math.abs(view.stride(axis)))
                                        .reversed())
                        .toList();
            }
        }
        return order(rank, rank - 1);
    }

    private static List<Integer> extents(Node node) {
        return IntStream.of(node.shape().extents()).boxed().toList();
    }

    private static int padded(int extent) {
        return Math.ceilDiv(extent, LINE) * LINE;
    }
}
