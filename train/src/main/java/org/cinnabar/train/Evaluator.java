package org.cinnabar.train;

import java.util.function.Function;
import org.cinnabar.ir.Graph;
import org.cinnabar.train.data.Augmentation;
import org.cinnabar.train.data.Batches;
import org.cinnabar.train.data.Dataset;
import org.cinnabar.train.data.Normalize;
import org.cinnabar.train.random.RandomStream;

/** Loss and accuracy of a model at inference, compiled once for any parameters. */
public final class Evaluator {
    /** Mean loss, and the share of examples scored right. */
    public record Score(double loss, double accuracy) {}

    private static final int BATCH = 100;

    private final StepGraph graph;
    private final CompiledStep step;
    private final String input;
    private final int batch;
    private final Normalize normalize;

    /** An evaluator of {@code model}, whose batch is symbolic or fixed. */
    public Evaluator(Graph model, Loss loss, Normalize normalize, int threads) {
        Graph bound = Models.bound(model, BATCH);
        this.graph = StepGraph.evaluation(bound, loss);
        this.step = CompiledStep.of(graph, threads);
        this.input = Models.input(bound);
        this.batch = bound.inputs().getFirst().shape().extent(0);
        this.normalize = normalize;
    }

    /** Scores the model with the parameters that {@code values} gives. */
    public Score score(Dataset data, Function<Parameter, float[]> values)
            throws InterruptedException {
        graph.parameters().forEach(p -> step.set(p.name(), values.apply(p)));
        Batches.Plan plan = new Batches.Plan(batch, false, false, normalize, Augmentation.NONE);
        double loss = 0;
        double correct = 0;
        try (Batches batches = new Batches(data, plan, new RandomStream(0), 0)) {
            for (Batches.Batch next = batches.next(); next != null; next = batches.next()) {
                step.set(input, next.examples());
                step.set(StepGraph.LABELS, next.labels());
                step.run();
                loss += step.number(StepGraph.LOSS) * batch;
                correct += step.number(StepGraph.CORRECT);
            }
        }
        return new Score(loss / data.size(), correct / data.size());
    }

    /** Scores the model as it is. */
    public Score score(Dataset data) throws InterruptedException {
        return score(data, p -> p.stored(p.initial().floats()));
    }
}
