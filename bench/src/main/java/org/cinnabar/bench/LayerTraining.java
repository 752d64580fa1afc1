package org.cinnabar.bench;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.op.Window;
import org.cinnabar.passes.gradients.FrequencyConv;
import org.cinnabar.train.CompiledStep;
import org.cinnabar.train.Loss;
import org.cinnabar.train.Optimizer;
import org.cinnabar.train.Parameter;
import org.cinnabar.train.Recipe;
import org.cinnabar.train.StepGraph;
import org.cinnabar.train.StepOptions;
import org.cinnabar.train.model.NetworkBuilder;

/**
 * Training steps whose convolutions are computed as predicted to be quickest, or as requested,
 * beside the same steps with direct convolutions, in turns, and how far the gradients are apart.
 */
final class LayerTraining {
    private static final String LAYER = "layer";

    /** Ops of a convolution and its gradients. */
    private static final Set<String> CONTRACTIONS = Set.of("Conv", "Correlate");

    private static final double STANDSTILL = 1e-9;

    private static final StepOptions DIRECT =
            StepOptions.DEFAULT
                    .with(FrequencyConv.Use.NEVER)
                    .withLowering("*=computed-conv")
                    .withLowering("*=product");

    private LayerTraining() {}

    static Sheet sheet() {
        return new Sheet(
                "layer",
                "batch",
                "threads",
                "chosen",
                "chosen_ms",
                "direct_ms",
                "ratio",
                "q1",
                "q3",
                "rounds",
                "error");
    }

    /** Whether {@code text} is a layer: {@code channels x height x width:outputs:window}. */
    static boolean isLayer(String text) {
        return text.matches("\\d+x\\d+x\\d+:\\d+:.+");
    }

    /**
     * Adds a row for {@code text}: the layer between a 1x1 convolution, to which its input gradient
     * goes, and a batch normalization, whose gradients differ from place to place without corners.
     */
    static void measure(String text, TrainingSpeed.Plan plan, Sheet sheet) {
        String[] parts = text.split(":", 3);
        String[] extents = parts[0].split("x");
        int channels = Integer.parseInt(extents[0]);
        Graph network =
                new NetworkBuilder(
                                text,
                                1,
                                channels,
                                Long.parseLong(extents[1]),
                                Long.parseLong(extents[2]))
                        .bareConv("before", channels, Window.parse("1x1"))
                        .bareConv(LAYER, Integer.parseInt(parts[1]), Window.parse(parts[2]))
                        .batchNorm("norm")
                        .globalAverage()
                        .linear("after", TrainingStep.CLASSES)
                        .build();
        Graph model = Symbols.bind(network, Map.of("N", (long) plan.batch()));
        Recipe recipe = Recipe.of(new Loss.CrossEntropy(0), new Optimizer.Sgd(0.9, 0, false));
        for (int threads : plan.threads()) {
            TrainingStep chosen = step(model, recipe, plan.options(), threads);
            TrainingStep direct = step(model, recipe, DIRECT, threads);
            double error = 0;
            chosen.run();
            direct.run();
            for (Parameter p : direct.graph().parameters()) {
                if (p.role() == Parameter.Role.STATISTIC) {
                    continue;
                }
                double own =
                        Statistics.relativeError(
                                chosen.gradient(p.name()), direct.gradient(p.name()));
                error = Math.max(error, own);
            }
            Interleaved times = Interleaved.measure(chosen, direct, threads, plan.seconds());
            sheet.add(
                    text,
                    plan.batch(),
                    threads,
                    lowerings(chosen.compiled()),
                    Statistics.median(times.ours()),
                    Statistics.median(times.theirs()),
                    times.ratio(),
                    Statistics.quantile(times.ratios(), 0.25),
                    Statistics.quantile(times.ratios(), 0.75),
                    times.ours().length,
                    error);
        }
    }

    private static TrainingStep step(Graph model, Recipe recipe, StepOptions options, int threads) {
        return new TrainingStep(
                model, StepGraph.training(model, recipe, options), STANDSTILL, threads);
    }

    /** How the layer and its gradients are computed. */
    private static String lowerings(CompiledStep step) {
        String names =
                step.parts().stream()
                        .filter(part -> part.label().startsWith(LAYER))
                        .filter(part -> CONTRACTIONS.contains(part.kind()))
                        .map(CompiledStep.Part::lowering)
                        .distinct()
                        .collect(Collectors.joining("+"));
        return step.parts().stream().anyMatch(part -> isFrequency(part)) ? "frequency" : names;
    }

    private static boolean isFrequency(CompiledStep.Part part) {
        return part.label().startsWith(LAYER) && part.kind().equals("MatMul");
    }
}
