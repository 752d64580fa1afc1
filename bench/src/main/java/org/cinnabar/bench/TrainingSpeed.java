package org.cinnabar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cinnabar.frontend.OnnxExporter;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Symbols;
import org.cinnabar.passes.gradients.Gradients;
import org.cinnabar.train.CompiledStep;
import org.cinnabar.train.Loss;
import org.cinnabar.train.Optimizer;
import org.cinnabar.train.Recipe;
import org.cinnabar.train.StepGraph;
import org.cinnabar.train.StepOptions;
import org.cinnabar.train.model.Networks;

/**
 * Whole training steps of a network beside PyTorch's, in turns: the same first weights, batch, loss
 * and optimiser, stochastic gradient descent with momentum and weight decay.
 */
final class TrainingSpeed {
    private static final double RATE = 0.01;
    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 5e-4;

    /** What is measured stands still, so that it takes the same time all along. */
    private static final double STANDSTILL = 1e-9;

    private static final int COMPARED_STEPS = 5;
    private static final double SETTLING_SECONDS = 8;
    private static final int PROFILED_STEPS = 25;
    private static final int LISTED = 25;

    private TrainingSpeed() {}

    static Sheet sheet() {
        return new Sheet(
                "network",
                "batch",
                "threads",
                "ours_ms",
                "torch_ms",
                "ours_img_s",
                "torch_img_s",
                "ratio",
                "q1",
                "q3",
                "rounds",
                "error",
                "arena_mb",
                "torch");
    }

    static Sheet classes() {
        return new Sheet("network", "phase", "op", "ours_us", "share_%");
    }

    static Sheet kernels() {
        return new Sheet("network", "kernel", "phase", "op", "lowering", "ours_us", "share_%");
    }

    /** How and beside what to measure. */
    record Plan(
            int batch,
            List<Integer> threads,
            double seconds,
            String python,
            Path script,
            StepOptions options) {}

    /** Where rows go. */
    record Sheets(Sheet speed, Sheet classes, Sheet kernels) {}

    /** Adds the rows of the network {@code name}. */
    static void measure(String name, Plan plan, Sheets sheets) throws IOException {
        Graph model =
                Symbols.bind(
                        Networks.named(name, TrainingStep.CLASSES, 1),
                        Map.of("N", (long) plan.batch));
        Recipe recipe =
                Recipe.of(new Loss.CrossEntropy(0), new Optimizer.Sgd(MOMENTUM, DECAY, false));
        StepGraph step = StepGraph.training(model, recipe, plan.options());
        for (int threads : plan.threads()) {
            TrainingStep ours = new TrainingStep(model, step, RATE, threads);
            PyTorch.Task task =
                    new PyTorch.Task(
                            OnnxExporter.bytes(model),
                            ours.examples(),
                            ours.labels(),
                            threads,
                            RATE,
                            MOMENTUM,
                            DECAY);
            try (PyTorch theirs = new PyTorch(plan.python(), plan.script(), task)) {
                double error = 0;
                for (int i = 0; i < COMPARED_STEPS; i++) {
                    ours.run();
                    theirs.run();
                    error =
                            Math.max(
                                    error,
                                    Statistics.relativeError(ours.output(0), theirs.output(0)));
                }
                ours.setRate(STANDSTILL);
                theirs.setRate(STANDSTILL);
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < SETTLING_SECONDS * 1e9) {
                    ours.run();
                }
                Interleaved times = Interleaved.measure(ours, theirs, threads, plan.seconds());
                double mine = Statistics.median(times.ours());
                double other = Statistics.median(times.theirs());
                double[] paired = times.ratios();
                sheets.speed()
                        .add(
                                name,
                                plan.batch(),
                                threads,
                                mine,
                                other,
                                1e3 * plan.batch() / mine,
                                1e3 * plan.batch() / other,
                                times.ratio(),
                                Statistics.quantile(paired, 0.25),
                                Statistics.quantile(paired, 0.75),
                                paired.length,
                                error,
                                ours.compiled().arenaLength() * Float.BYTES / 1e6,
                                theirs.version());
            }
            if (threads == plan.threads().getLast()) {
                profile(name, ours, sheets);
            }
        }
    }

    /** Times of the kernels on one thread, each in its place within whole steps. */
    private static void profile(String name, TrainingStep ours, Sheets sheets) {
        List<CompiledStep.Part> parts = ours.compiled().parts();
        double[][] micros = new double[parts.size()][PROFILED_STEPS];
        for (int run = 0; run < PROFILED_STEPS; run++) {
            ours.bind();
            for (int i = 0; i < micros.length; i++) {
                long begin = System.nanoTime();
                ours.compiled().workspace().run(i);
                micros[i][run] = (System.nanoTime() - begin) / 1e3;
            }
        }
        Set<String> parameters = new HashSet<>();
        ours.graph().parameters().forEach(p -> parameters.add(p.name()));
        record Timed(String label, String phase, CompiledStep.Part part, double micros) {}
        List<Timed> timed = new ArrayList<>();
        for (int i = 0; i < micros.length; i++) {
            String label = parts.get(i).label();
            String phase =
                    parameters.contains(label)
                            ? "update"
                            : label.endsWith(Gradients.GRADIENT) ? "backward" : "forward";
            timed.add(new Timed(label, phase, parts.get(i), Statistics.median(micros[i])));
        }
        double total = timed.stream().mapToDouble(Timed::micros).sum();
        Map<List<String>, Double> classes = new LinkedHashMap<>();
        timed.forEach(
                t -> classes.merge(List.of(t.phase(), t.part().kind()), t.micros(), Double::sum));
        classes.entrySet().stream()
                .sorted(Map.Entry.<List<String>, Double>comparingByValue().reversed())
                .forEach(
                        e ->
                                sheets.classes()
                                        .add(
                                                name,
                                                e.getKey().get(0),
                                                e.getKey().get(1),
                                                e.getValue(),
                                                100 * e.getValue() / total));
        timed.stream()
                .sorted(Comparator.comparingDouble(Timed::micros).reversed())
                .limit(LISTED)
                .forEach(
                        t ->
                                sheets.kernels()
                                        .add(
                                                name,
                                                t.label(),
                                                t.phase(),
                                                t.part().kind(),
                                                t.part().lowering(),
                                                t.micros(),
                                                100 * t.micros() / total));
    }
}
