package org.cinnabar.bench;

import java.util.Map;
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
import org.cinnabar.train.model.NetworkBuilder;
import org.cinnabar.train.random.RandomStream;

/**
 * Training steps whose convolutions are computed as predicted to be quickest, in the frequency
 * domain or not, beside the same steps with direct convolutions, in turns, and how far the
 * gradients are apart.
 */
final class FrequencyTraining {
    private static final int CLASSES = 10;

    private FrequencyTraining() {}

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
     * goes, and the mean over the map.
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
                        .bareConv("layer", Integer.parseInt(parts[1]), Window.parse(parts[2]))
                        .relu()
                        .globalAverage()
                        .linear("after", CLASSES)
                        .build();
        Graph model = Symbols.bind(network, Map.of("N", (long) plan.batch()));
        for (int threads : plan.threads()) {
            Step chosen = new Step(model, FrequencyConv.Use.WHERE_QUICKER, threads);
            Step direct = new Step(model, FrequencyConv.Use.NEVER, threads);
            double error = 0;
            chosen.run();
            direct.run();
            for (Parameter p : direct.graph.parameters()) {
                String velocity = p.name() + "#0";
                error =
                        Math.max(
                                error,
                                Statistics.relativeError(
                                        chosen.step.get(velocity), direct.step.get(velocity)));
            }
            Interleaved times = Interleaved.measure(chosen, direct, threads, plan.seconds());
            sheet.add(
                    text,
                    plan.batch(),
                    threads,
                    chosen.step.parts().size() == direct.step.parts().size()
                            ? "direct"
                            : "frequency",
                    Statistics.median(times.ours()),
                    Statistics.median(times.theirs()),
                    times.ratio(),
                    Statistics.quantile(times.ratios(), 0.25),
                    Statistics.quantile(times.ratios(), 0.75),
                    times.ours().length,
                    error);
        }
    }

    /** A compiled step; after the first run, the optimiser's memory is the gradient. */
    private static final class Step implements Engine {
        private final StepGraph graph;
        private final CompiledStep step;
        private final float[] examples;
        private final float[] labels;

        Step(Graph model, FrequencyConv.Use use, int threads) {
            Recipe recipe = Recipe.of(new Loss.CrossEntropy(0), new Optimizer.Sgd(0.9, 0, false));
            graph = StepGraph.training(model, recipe, use);
            step = CompiledStep.of(graph, threads);
            graph.parameters().forEach(p -> step.set(p.name(), p.stored(p.initial().floats())));
            examples = new float[model.inputs().getFirst().shape().count()];
            labels = new float[model.inputs().getFirst().shape().extent(0)];
            RandomStream random = RandomStream.of(1, "bench", "examples");
            for (int i = 0; i < examples.length; i++) {
                examples[i] = (float) random.normal(i);
            }
            for (int i = 0; i < labels.length; i++) {
                labels[i] = i % CLASSES;
            }
        }

        @Override
        public void run() {
            step.set("input", examples);
            step.set(StepGraph.LABELS, labels);
            step.set(StepGraph.RATE, 1e-9f);
            step.run();
        }

        @Override
        public float[] output(int index) {
            return new float[] {step.number(StepGraph.LOSS)};
        }

        @Override
        public void close() {}
    }
}
