package org.cinnabar.bench;

import org.cinnabar.ir.Graph;
import org.cinnabar.train.CompiledStep;
import org.cinnabar.train.Optimizer;
import org.cinnabar.train.StepGraph;
import org.cinnabar.train.random.RandomStream;

/** A compiled training step with a batch of its own, which every run lays into its memory. */
final class TrainingStep implements Engine {
    static final int CLASSES = 10;

    private final StepGraph graph;
    private final CompiledStep step;
    private final float[] examples;
    private final float[] labels;
    private double rate;
    private float loss;

    /**
     * The step {@code graph} of {@code model}, with the first weights, at the rate {@code rate}.
     */
    TrainingStep(Graph model, StepGraph graph, double rate, int threads) {
        this.graph = graph;
        this.rate = rate;
        this.step = CompiledStep.of(graph, threads);
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

    StepGraph graph() {
        return graph;
    }

    CompiledStep compiled() {
        return step;
    }

    float[] examples() {
        return examples;
    }

    float[] labels() {
        return labels;
    }

    void setRate(double other) {
        rate = other;
    }

    /**
     * After the first run: the gradient of a parameter, which is what {@link Optimizer.Sgd}'s
     * memory is.
     */
    float[] gradient(String parameter) {
        return step.get(parameter + "#0");
    }

    /** Lays the batch into the step's memory. */
    void bind() {
        step.set("input", examples);
        step.set(StepGraph.LABELS, labels);
        step.set(StepGraph.RATE, (float) rate);
    }

    @Override
    public void run() {
        bind();
        step.run();
        loss = step.number(StepGraph.LOSS);
    }

    @Override
    public float[] output(int index) {
        return new float[] {loss};
    }

    @Override
    public void close() {}
}
