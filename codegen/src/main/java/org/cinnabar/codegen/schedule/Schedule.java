package org.cinnabar.codegen.schedule;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.loop.Memory;
import org.cinnabar.ir.loop.View;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Constant;
import org.cinnabar.ir.op.Input;
import org.cinnabar.ir.op.Slice;
import org.cinnabar.ir.op.Weight;
import org.cinnabar.passes.lower.Chain;
import org.cinnabar.passes.lower.Chains;
import org.cinnabar.passes.lower.Copies;
import org.cinnabar.passes.lower.Fusion;
import org.cinnabar.passes.lower.Group;
import org.cinnabar.passes.lower.Layout;
import org.cinnabar.passes.lower.Selection;
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

    private static final String LAYOUT = "Layout";
    private static final String COPY = "copy";

    /**
     * Makes the kernels of one step once buffers have offsets.
     *
     * @param kind the op that it is about, or {@code Layout}
     * @param lowering what computes it
     */
    public record Step(
            String label, String kind, String lowering, Function<Tiles, List<Kernel>> kernels) {}

    private record CopyKey(Node node, Layout layout) {}

    private final Graph graph;
    private final Map<Node, List<Node>> users;
    private final Set<Node> computed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Group> groups;
    private final List<Chain> chains;
    private final Demands demands;
    private final WeightPool pool = new WeightPool();
    private final List<Buffer> buffers = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<Node, Place> places = new IdentityHashMap<>();
    private final Map<CopyKey, Place> copies = new HashMap<>();
    private final Map<Node, Place> outputs = new IdentityHashMap<>();
    private final Updates updates;
    private final int arena;

    private Schedule(Graph graph, Selection selection, Map<String, String> state) {
        this.graph = graph;
        this.users = graph.users();
        this.updates = new Updates(graph, Fusion.groups(graph, selection), state);
        this.groups = updates.order();
        this.demands = new Demands(graph, groups);
        for (Node input : graph.inputs()) {
            Place place = rowMajor(input);
            touch(place, Buffer.START);
            places.put(input, place);
        }
        this.chains = Chains.of(graph, groups, demands.fixed(), selection);
        for (Chain chain : chains) {
            schedule(chain);
            chain.groups().forEach(group -> computed.addAll(group.members()));
        }
        for (Graph.Output output : graph.outputs()) {
            outputs.computeIfAbsent(output.node(), this::contiguous);
        }
        updates.kept().forEach(input -> touch(place(input), Buffer.END));
        outputs.values().forEach(place -> touch(place, Buffer.END));
        int end = MemoryPlan.place(buffers.stream().filter(Buffer::isTouched).toList());
        this.arena = Math.toIntExact(MemoryPlan.aligned(end + TAIL));
    }

    /**
     * Schedules a canonical graph whose shapes are known; {@code selection} chooses the lowerings.
     *
     * @throws org.cinnabar.passes.lower.LoweringException if some op has no lowering or not the one
     *     requested
     */
    public static Schedule of(Graph graph, Selection selection) {
        return of(graph, selection, Map.of());
    }

    /**
     * As {@link #of(Graph, Selection)} for a graph some of whose outputs are the next values of
     * inputs: both lie at the same place, so that running again goes on from there.
     *
     * @param state names of inputs by those of the outputs that replace them
     * @throws IllegalArgumentException if there are no such inputs and outputs of equal types
     */
    public static Schedule of(Graph graph, Selection selection, Map<String, String> state) {
        return new Schedule(graph, selection, state);
    }

    /** {@link #of(Graph, Selection)} with nothing requested. */
    public static Schedule of(Graph graph) {
        return of(graph, Selection.DEFAULT);
    }

    /** The groups, in order of execution. */
    public List<Group> groups() {
        return groups;
    }

    /** The groups that are computed together, in order of execution. */
    public List<Chain> chains() {
        return chains;
    }

    /** Multiply-adds of all convolutions and fully connected layers. */
    public long macs() {
        return groups.stream().map(Group::root).mapToLong(Schedule::macs).sum();
    }

    private static long macs(Node root) {
        boolean isWeighted = root.in().size() > 1 && root.in(1).op() instanceof Weight;
        int rows = isWeighted ? root.in(1).shape().extent(0) : 1;
        long each = isWeighted ? root.in(1).shape().count() / rows : 0;
        return root.shape().count() * each;
    }

    /** Numbers in the arena, what each thread needs for itself aside. */
    public int arenaLength() {
        return arena;
    }

    /** The packed weights, in pieces that are one array when put together in order. */
    public List<float[]> weights() {
        return pool.pieces();
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
        return new Port(name, place.view().extents(), place.start());
    }

    /** The kernels for the target of {@code tiles}, in order. */
    public List<Kernel> kernels(Tiles tiles) {
        return steps.stream().flatMap(step -> step.kernels().apply(tiles).stream()).toList();
    }

    /** What runs, in order. */
    public List<Step> steps() {
        return List.copyOf(steps);
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

    private void schedule(Chain chain) {
        if (chain.isSingle()) {
            schedule(chain.last());
            return;
        }
        List<Map<Node, Place>> sites = new ArrayList<>();
        List<Place> touched = new ArrayList<>();
        List<Integer> packed = new ArrayList<>();
        for (Group group : chain.groups()) {
            Map<Node, Place> reads = new IdentityHashMap<>();
            group.reads().stream()
                    .filter(read -> !chain.hides(read))
                    .forEach(read -> reads.put(read, read(group, read)));
            sites.add(reads);
            touched.addAll(reads.values());
            packed.add(pool.add(group.lowering().pack(group)));
        }
        Place output = output(chain.last(), sites.getLast(), Optional.empty());
        places.put(chain.last().result(), output);
        sites.getLast().put(chain.last().result(), output);
        touched.add(output);
        step(
                chain.label(),
                chain.last().root().op().getClass().getSimpleName(),
                chain.lowering(),
                touched,
                tiles -> {
                    List<Map<Node, View>> views = sites.stream().map(Schedule::views).toList();
                    return List.of(chain.lower(views, packed, tiles));
                });
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
        group.reads().forEach(read -> sites.put(read, read(group, read)));
        Place output = output(group, sites, overwritable(group, sites));
        places.put(group.result(), output);
        sites.put(group.result(), output);
        int packed = pool.add(group.lowering().pack(group));
        Buffer scratch = new Buffer(group.lowering().scratch(group));
        if (scratch.length() > 0) {
            buffers.add(scratch);
            scratch.touch(steps.size());
        }
        step(
                group.label(),
                group.root().op().getClass().getSimpleName(),
                group.lowering().name(),
                sites.values(),
                tiles -> {
                    int own = scratch.length() > 0 ? scratch.offset() : 0;
                    return group.lowering()
                            .lower(new Site(group, views(sites), packed, own), tiles);
                });
    }

    private static Map<Node, View> views(Map<Node, Place> places) {
        Map<Node, View> views = new IdentityHashMap<>();
        places.forEach((node, place) -> views.put(node, place.resolved()));
        return views;
    }

    /** Where {@code group} finds {@code operand}. */
    private Place read(Group group, Node operand) {
        return operand.op() instanceof Constant
                ? place(operand)
                : fitting(operand, group.lowering().layout(group, operand));
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
                                    layout.unitAxis() == 0
                                            ? AxisOrder.like(place.view(), 0)
                                            : AxisOrder.unit(extents.size(), layout.unitAxis()),
                                    layout.before(),
                                    layout.after(),
                                    width < Layout.LINE ? width : Layout.pitch(width));
                    copyStep(node, place, copy);
                    return copy;
                });
    }

    /** Where {@code node} lies row-major without gaps, copied there if it does not yet. */
    private Place contiguous(Node node) {
        Place place = place(node);
        Optional<Node> input = updates.input(node);
        if (input.isPresent()) {
            Place previous = place(input.get());
            if (place != previous) {
                copyStep(node, place, previous);
            }
            return previous;
        }
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
                LAYOUT,
                COPY,
                List.of(from, to),
                tiles -> List.of(Copies.copy(tiles, label, from.resolved(), to.resolved())));
    }

    private void step(
            String label,
            String kind,
            String lowering,
            Iterable<Place> touched,
            Function<Tiles, List<Kernel>> kernels) {
        steps.add(new Step(label, kind, lowering, kernels));
        touched.forEach(place -> touch(place, steps.size() - 1));
    }

    private static void touch(Place place, int step) {
        if (place.buffer() != null) {
            place.buffer().touch(step);
        }
    }

    /** Where the result lies, at {@code overwritable} if it would lie like that anyway. */
    private Place output(Group group, Map<Node, Place> sites, Optional<Place> overwritable) {
        Node result = group.result();
        Optional<Node> overwritten = updates.overwritten(result);
        if (overwritten.isPresent()) {
            return place(overwritten.get());
        }
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
        List<Integer> order = unit >= 0 ? AxisOrder.unit(rank, unit) : order(group, sites);
        int width = order.isEmpty() ? 1 : result.shape().extent(order.getLast());
        boolean exact = free && width < Layout.LINE;
        Place fresh =
                Place.fresh(
                        extents(result),
                        order,
                        demands.before(result),
                        demands.after(result),
                        exact ? width : Layout.pitch(width));
        return overwritable.filter(fresh::isLike).orElseGet(() -> allocated(fresh));
    }

    /**
     * The place of the value to which {@code group} adds its result, if nothing else reads it from
     * there any more: to write to it again takes half the traffic between caches.
     */
    private Optional<Place> overwritable(Group group, Map<Node, Place> sites) {
        return group.lowering()
                .addsTo(group)
                .map(places::get)
                .map(Place::buffer)
                .filter(buffer -> isLastReader(group, buffer))
                .flatMap(
                        buffer -> {
                            List<Place> reads =
                                    sites.values().stream()
                                            .filter(place -> place.buffer() == buffer)
                                            .toList();
                            return reads.size() == 1
                                    ? Optional.of(reads.getFirst())
                                    : Optional.empty();
                        });
    }

    /** Whether nothing that comes after {@code group} reads what is in {@code buffer}. */
    private boolean isLastReader(Group group, Buffer buffer) {
        return places.entrySet().stream()
                .filter(entry -> entry.getValue().buffer() == buffer)
                .map(Map.Entry::getKey)
                .allMatch(
                        node ->
                                !(node.op() instanceof Input)
                                        && !graph.isOutput(node)
                                        && requireNonNull(users.get(node)).stream()
                                                .allMatch(
                                                        user ->
                                                                computed.contains(user)
                                                                        || group.members()
                                                                                .contains(user)));
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
                                    AxisOrder.unit(concat.shape().rank(), 1),
                                    demands.before(concat),
                                    demands.after(concat),
                                    Layout.pitch(concat.shape().extent(1)));
            places.put(concat, whole);
        }
        View view = whole.view().sliced(1, part.start(), 1, node.shape().extent(1));
        return new Place(whole.buffer(), roomy(view), whole.before(), whole.after());
    }

    /**
     * A part of a concatenation may be stored in whole vectors: the next part begins on a vector.
     */
    private static View roomy(View view) {
        int slack = Layout.padded(view.extent(1)) - view.extent(1);
        return new View(view.memory(), view.offset(), view.extents(), view.strides(), slack);
    }

    private Place rowMajor(Node node) {
        List<Integer> extents = extents(node);
        List<Integer> none = Collections.nCopies(extents.size(), 0);
        int width = extents.isEmpty() ? 1 : extents.getLast();
        return allocate(extents, AxisOrder.rowMajor(extents.size()), none, none, width);
    }

    /**
     * A new buffer for a tensor, as {@link Place#fresh} lays it out; a step of its own zeroes the
     * border.
     */
    private Place allocate(
            List<Integer> extents,
            List<Integer> order,
            List<Integer> before,
            List<Integer> after,
            int width) {
        return allocated(Place.fresh(extents, order, before, after, width));
    }

    private Place allocated(Place place) {
        buffers.add(place.buffer());
        List<View> borders = place.borders();
        if (!borders.isEmpty()) {
            zero(place, borders);
        }
        return place;
    }

    private void zero(Place place, List<View> borders) {
        step(
                "border",
                LAYOUT,
                COPY,
                List.of(place),
                tiles -> {
                    List<Kernel> parts =
                            borders.stream()
                                    .map(border -> Place.bare(place.buffer(), border).resolved())
                                    .map(border -> Copies.fill(tiles, "border", border, 0))
                                    .toList();
                    return List.of(Copies.together(tiles, "border", parts));
                });
    }

    /** The order of the axes of a result: that of the first operand of its rank. */
    private static List<Integer> order(Group group, Map<Node, Place> sites) {
        List<Integer> extents = extents(group.result());
        for (Node read : group.reads()) {
            Place place = sites.get(read);
            if (place != null
                    && place.buffer() != null
                    && place.view().rank() == extents.size()
                    && place.view().count() > 1) {
                return AxisOrder.like(place.view(), extents);
            }
        }
        return AxisOrder.rowMajor(extents.size());
    }

    private static List<Integer> extents(Node node) {
        return IntStream.of(node.shape().extents()).boxed().toList();
    }
}
