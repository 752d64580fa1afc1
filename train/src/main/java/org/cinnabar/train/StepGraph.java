package org.cinnabar.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.passes.gradients.Gradients;
import org.cinnabar.passes.gradients.Pullback;

/**
 * One step of training as a graph: from a batch, the parameters and what is remembered, to the
 * loss, the number of examples scored right, and the next parameters and memory.
 *
 * @param state names of inputs by those of the outputs that are their next values
 * @param options how it is to be computed
 */
public record StepGraph(
        Graph graph,
        Map<String, String> state,
        List<Parameter> parameters,
        List<Memory> memories,
        List<Mask> masks,
        StepOptions options) {
    /** Names of the inputs beside those of the model and its parameters, and of the results. */
    public static final String LABELS = "labels";

    public static final String RATE = "rate";
    public static final String STEP = "step";
    public static final String LOSS = "loss";
    public static final String CORRECT = "correct";

    /** The name of the input that holds a teacher's scores, where the loss asks for them. */
    public static final String TEACHER = "teacher";

    /** An input of factors for dropout, drawn anew for every step. */
    public record Mask(String name, Node input, double share) {}

    /** What an optimiser remembers about a parameter: an input, zeros at first. */
    public record Memory(String name, Node input) {}

    /** The operator that nodes of parameters' updates name as their origin. */
    private static final String UPDATE = "update";

    private static final String NEXT = "next:";

    /**
     * The training step of {@code model}, whose batch is the extent of its input's first axis.
     *
     * @param model of known shapes, with one input and scores {@code [N,classes]} as its first
     *     output
     */
    public static StepGraph training(Graph model, Recipe recipe) {
        return training(model, recipe, StepOptions.DEFAULT);
    }

    /** As {@link #training(Graph, Recipe)}, computed as {@code options} say. */
    public static StepGraph training(Graph model, Recipe recipe, StepOptions options) {
        return new Builder(model).training(recipe, options);
    }

    /** Loss and right answers of {@code model} at inference. */
    public static StepGraph evaluation(Graph model, Loss loss) {
        return new Builder(model).evaluation(loss);
    }

    private static final class Builder {
        private final Trainable trainable;
        private final Formula f;
        private final List<Node> inputs = new ArrayList<>();
        private final List<Graph.Output> outputs = new ArrayList<>();
        private final Map<String, String> state = new LinkedHashMap<>();
        private final List<Memory> memories = new ArrayList<>();
        private final List<Mask> masks = new ArrayList<>();
        private final Node labels;

        Builder(Graph model) {
            this.trainable = Trainable.of(model);
            GraphBuilder builder = trainable.builder();
            this.f = new Formula(builder);
            inputs.addAll(trainable.inputs());
            long batch = inputs.getFirst().shape().extent(0);
            labels = builder.input(LABELS, TensorType.f32(batch));
            inputs.add(labels);
        }

        private Node scores(Map<Node, Node> images) {
            Node scores = trainable.image(trainable.model().outputs().getFirst());
            Node trained = images.getOrDefault(scores, scores);
            if (trained.shape().rank() < 2) {
                throw new IllegalArgumentException(
                        "expected scores [N,classes], the model's first output is "
                                + trained.type());
            }
            int n = trained.shape().extent(0);
            return f.reshape(trained, n, trained.shape().count() / n);
        }

        private void results(Node loss, Node scores) {
            outputs.add(new Graph.Output(LOSS, loss));
            outputs.add(new Graph.Output(CORRECT, Loss.correct(scores, labels, f)));
        }

        StepGraph evaluation(Loss loss) {
            Node scores = scores(Map.of());
            results(loss.judged().of(scores, labels, f).loss(), scores);
            trainable.parameters().forEach(p -> inputs.add(p.input()));
            trainable.parameters().forEach(p -> next(p.name(), p.input(), p.input()));
            return graph(StepOptions.DEFAULT);
        }

        StepGraph training(Recipe recipe, StepOptions options) {
            Normalization normalization = new Normalization(trainable, recipe.averaging());
            TrainingForm form = new TrainingForm(trainable, normalization, recipe, options);
            masks.addAll(form.masks());
            masks.forEach(mask -> inputs.add(mask.input()));
            Node scores = scores(form.images());
            Loss.Value loss = recipe.loss().of(scores, labels, f);
            inputs.addAll(loss.inputs());
            results(loss.loss(), scores);
            Map<Node, Pullback> given = new HashMap<>(loss.pullbacks());
            given.putAll(form.pullbacks());
            List<Parameter> trained =
                    trainable.parameters().stream()
                            .filter(p -> p.role() != Parameter.Role.STATISTIC)
                            .toList();
            List<Node> gradients =
                    Gradients.of(
                            loss.loss(),
                            trained.stream().map(Parameter::input).toList(),
                            given,
                            f.builder());
            update(recipe, trained, clipped(gradients, recipe.clip()));
            normalization
                    .statistics()
                    .forEach((statistic, next) -> next(statistic.name(), statistic.input(), next));
            return graph(options);
        }

        /** Gradients scaled down to a common norm of at most {@code bound}. */
        private List<Node> clipped(List<Node> gradients, double bound) {
            if (bound == Double.POSITIVE_INFINITY) {
                return gradients;
            }
            Node square =
                    gradients.stream()
                            .map(g -> f.total(f.times(g, g)))
                            .reduce(f::plus)
                            .orElseThrow();
            Node norm = f.plus(f.sqrt(square), f.number(1e-6));
            Node factor = f.atMost(f.over(f.number(bound), norm), 1);
            return gradients.stream().map(g -> f.times(g, factor)).toList();
        }

        /**
         * The last layers first, whose gradients are there first: what those are computed of is
         * needed no longer.
         */
        private void update(Recipe recipe, List<Parameter> trained, List<Node> gradients) {
            Optimizer optimizer = recipe.optimizer();
            Node rate = f.builder().input(RATE, TensorType.f32());
            Node step = f.builder().input(STEP, TensorType.f32());
            inputs.addAll(List.of(rate, step));
            for (int i = trained.size() - 1; i >= 0; i--) {
                Parameter parameter = trained.get(i);
                f.builder().at(new Origin(parameter.name(), UPDATE));
                List<Node> memory = new ArrayList<>();
                for (int m = 0; m < optimizer.memory(); m++) {
                    String name = parameter.name() + "#" + m;
                    memory.add(f.builder().input(name, parameter.input().type()));
                    memories.add(new Memory(name, memory.getLast()));
                    inputs.add(memory.getLast());
                }
                boolean decays = parameter.role() == Parameter.Role.WEIGHT;
                Node own = f.times(rate, recipe.factor(parameter.name()));
                Optimizer.Update update =
                        optimizer.update(
                                parameter.input(),
                                gradients.get(i),
                                memory,
                                own,
                                step,
                                decays ? optimizer.decay() : 0,
                                f);
                for (int m = 0; m < memory.size(); m++) {
                    next(
                            memories.get(memories.size() - memory.size() + m).name(),
                            memory.get(m),
                            update.memory().get(m));
                }
                Node proximal =
                        decays
                                ? recipe.proximal().apply(update.parameter(), own, f)
                                : update.parameter();
                next(parameter.name(), parameter.input(), proximal);
            }
            trainable.parameters().forEach(p -> inputs.add(p.input()));
        }

        private void next(String name, Node input, Node value) {
            state.put(NEXT + name, name);
            outputs.add(new Graph.Output(NEXT + name, f.reshape(value, input.shape())));
        }

        private StepGraph graph(StepOptions options) {
            Graph graph = new Graph(trainable.model().name(), inputs, outputs);
            return new StepGraph(graph, state, trainable.parameters(), memories, masks, options);
        }
    }
}
