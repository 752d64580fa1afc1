package org.cinnabar.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.passes.lower.Decision;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Tiles;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Program;

/**
 * How good the choice among lowerings is: single layers, each computed in every way that is allowed
 * and may pay, on one thread, with weights and inputs as warm in the caches as they stay from one
 * run to the next.
 *
 * <p>Layers of one kernel and one number of channels are one program, so that they share tiles as
 * the layers of a network do. The ways to compute a layer take turns; a sample is the mean of as
 * many runs as take a millisecond, after one that goes unmeasured.
 */
final class Sweep {
    private static final String TITLE =
            """
            # Which lowering is picked, and which is the quickest

            This page is what `bench/run --sweep --format markdown` prints. Each row is a convolution with as many
            outputs as input channels, stride 1 and a map that keeps its size: the lowering that is picked for it
            without any measurement, and the quickest of those that were `tried`, with their times in microseconds
            on one thread. [Lowerings](lowerings.md) says how lowerings are picked, [Benchmarks](benchmarks.md)
            how this is measured.""";

    private static final double MARGIN = 1.1;
    private static final long SETTLE_NANOS = 50_000_000;
    private static final long WARM_UP_NANOS = 200_000_000;
    private static final long LONGEST_WARM_UP = 1_000_000_000;
    private static final int WARM_UPS = 120;
    private static final double SAMPLE_NANOS = 1e6;
    private static final double CELL_NANOS = 0.7e9;
    private static final int ROUNDS = 11;
    private static final int FEWEST_ROUNDS = 3;

    private final SweepOptions options;
    private final Selection selection;
    private final Consumer<String> progress;
    private final Target target;
    private final Sheet cells =
            new Sheet(
                    "kernel",
                    "channels",
                    "map",
                    "picked",
                    "picked_us",
                    "best",
                    "best_us",
                    "ratio",
                    "tried");
    private final Sheet each =
            new Sheet("kernel", "channels", "map", "lowering", "predicted_us", "measured_us");
    private final List<Double> ratios = new ArrayList<>();
    private float[] weights = new float[0];

    /** Layers chosen by {@code options}, lowerings by {@code selection}. */
    Sweep(SweepOptions options, Selection selection, Consumer<String> progress) {
        this.options = options;
        this.selection = selection;
        this.progress = progress;
        int lanes = Math.max(1, Lanes.preferred());
        this.target = Target.ALL.stream().filter(t -> t.lanes() == lanes).findFirst().orElseThrow();
    }

    /** Measures and adds what came out to {@code document}. */
    void measure(Document document) {
        for (int kernel : options.kernels) {
            for (int channels : options.channels) {
                progress.accept("kernel " + kernel + ", " + channels + " channels");
                measure(options.layers(kernel, channels));
            }
        }
        if (options.each) {
            document.add("lowerings", each);
        }
        document.add("picks", cells);
        document.begin(TITLE);
        document.conclude(summary());
    }

    String summary() {
        long good = ratios.stream().filter(ratio -> ratio <= MARGIN).count();
        return String.format(
                Locale.ROOT,
                "%d of %d layers (%.1f %%) within 10 %% of the quickest, at worst %.2f times;"
                        + " %d lanes, Java %s, cinnabar %s",
                good,
                ratios.size(),
                100.0 * good / ratios.size(),
                ratios.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN),
                target.lanes(),
                System.getProperty("java.version"),
                Compiler.version());
    }

    /** One way to compute a layer: steps {@code from} to {@code to} of a program. */
    private record Way(
            Decision.Candidate candidate, boolean isPicked, List<Kernel> kernels, int arena) {
        String name() {
            return candidate.lowering().name();
        }
    }

    private void measure(List<SweepLayer> layers) {
        Tiles tiles = new Tiles(target, 0);
        List<List<Way>> all = layers.stream().map(layer -> ways(layer, tiles)).toList();
        List<Kernel> kernels =
                all.stream().flatMap(List::stream).flatMap(way -> way.kernels().stream()).toList();
        SweepLayer any = layers.getFirst();
        String name = "Sweep%dx%d".formatted(any.kernel(), any.channels());
        Program program = CompiledKernel.program(name, kernels, target.lanes());
        int first = 0;
        for (int i = 0; i < layers.size(); i++) {
            List<Timed> timed = new ArrayList<>();
            for (Way way : all.get(i)) {
                timed.add(new Timed(way, program, first, weights));
                first += way.kernels().size();
            }
            measure(layers.get(i), timed);
        }
    }

    /** The ways to compute {@code layer} that are allowed and predicted not to be hopeless. */
    private List<Way> ways(SweepLayer layer, Tiles tiles) {
        Graph graph = layer.graph();
        Decision decision = SweepLayer.decision(graph, selection);
        List<Decision.Candidate> allowed =
                decision.candidates().stream().filter(Decision.Candidate::isAllowed).toList();
        double quickest =
                allowed.stream()
                        .mapToDouble(Decision.Candidate::predicted)
                        .min()
                        .orElse(Double.NaN);
        List<Way> ways = new ArrayList<>();
        for (Decision.Candidate candidate : allowed) {
            if (candidate.predicted() <= quickest * options.within) {
                String name = candidate.lowering().name();
                Schedule schedule =
                        Schedule.of(graph, selection.with(new Selection.Request("*", name)));
                reserve(schedule.weights());
                ways.add(
                        new Way(
                                candidate,
                                candidate.lowering().equals(decision.lowering()),
                                schedule.kernels(tiles),
                                schedule.arenaLength()));
            }
        }
        return ways;
    }

    /** What weights are does not matter for time: all programs read the same ones. */
    private void reserve(List<float[]> pieces) {
        int length = pieces.stream().mapToInt(piece -> piece.length).sum();
        if (length > weights.length) {
            weights = new float[length];
            SweepLayer.fill(weights);
        }
    }

    private void measure(SweepLayer layer, List<Timed> ways) {
        ways.forEach(Timed::warmUp);
        double round = ways.stream().mapToDouble(Timed::roundNanos).sum();
        int rounds = Math.clamp((long) (CELL_NANOS / round), FEWEST_ROUNDS, ROUNDS);
        for (int i = 0; i < rounds; i++) {
            ways.forEach(Timed::sample);
        }
        Timed picked = ways.stream().filter(w -> w.way.isPicked()).findFirst().orElseThrow();
        Timed best = ways.stream().min(Comparator.comparingDouble(Timed::micros)).orElseThrow();
        double ratio = picked.micros() / best.micros();
        ratios.add(ratio);
        cells.add(
                layer.kernel(),
                layer.channels(),
                layer.map(),
                picked.way.name(),
                picked.micros(),
                best.way.name(),
                best.micros(),
                ratio,
                ways.size());
        for (Timed way : ways) {
            each.add(
                    layer.kernel(),
                    layer.channels(),
                    layer.map(),
                    way.way.name(),
                    way.way.candidate().predicted() * 1e6,
                    way.micros());
        }
    }

    /** A way to compute a layer, with memory of its own, and how long that takes. */
    private static final class Timed {
        private final Way way;
        private final Program program;
        private final int first;
        private final float[] arena;
        private final float[] weights;
        private final List<Double> samples = new ArrayList<>();
        private double nanos = Double.MAX_VALUE;

        Timed(Way way, Program program, int first, float[] weights) {
            this.way = way;
            this.program = program;
            this.first = first;
            this.weights = weights;
            this.arena = new float[way.arena() + program.own()];
            SweepLayer.fill(arena);
        }

        /** Runs until the JIT is done, but not for ever. */
        void warmUp() {
            for (int step = 0; step < way.kernels().size(); step++) {
                run(step);
            }
            long begin = System.nanoTime();
            long last = begin;
            long changed = begin;
            long compiled = compileMillis();
            for (int i = 0;
                    i < WARM_UPS && last - begin < WARM_UP_NANOS
                            || last - changed < SETTLE_NANOS && last - begin < LONGEST_WARM_UP;
                    i++) {
                run();
                long now = System.nanoTime();
                nanos = Math.min(nanos, (double) (now - last));
                last = now;
                if (compileMillis() != compiled) {
                    compiled = compileMillis();
                    changed = now;
                }
            }
        }

        private static long compileMillis() {
            return ManagementFactory.getCompilationMXBean().getTotalCompilationTime();
        }

        /** Time of a sample. */
        double roundNanos() {
            return nanos + Math.max(nanos, SAMPLE_NANOS);
        }

        void sample() {
            run();
            int runs = (int) Math.ceil(SAMPLE_NANOS / nanos);
            long begin = System.nanoTime();
            for (int i = 0; i < runs; i++) {
                run();
            }
            samples.add((double) (System.nanoTime() - begin) / runs / 1e3);
        }

        double micros() {
            return Statistics.median(samples.stream().mapToDouble(Double::doubleValue).toArray());
        }

        private void run() {
            for (int step = 0; step < way.kernels().size(); step++) {
                if (way.kernels().get(step).label().equals(SweepLayer.LABEL)) {
                    run(step);
                }
            }
        }

        private void run(int step) {
            program.run(first + step, 0, program.tasks(first + step), way.arena(), arena, weights);
        }
    }
}
