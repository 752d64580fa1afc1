package org.cinnabar.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.train.data.Batches;
import org.cinnabar.train.data.DataException;
import org.cinnabar.train.data.Split;
import org.cinnabar.train.random.RandomStream;
import org.jspecify.annotations.Nullable;

/**
 * A run of training: step after step over shuffled batches, a validation after every epoch, and a
 * checkpoint now and then. The same settings give the same bits, wherever the run was interrupted.
 */
public final class Trainer {
    private final Graph model;
    private final Split data;
    private final Settings settings;
    private final Progress progress;
    private final Graph bound;
    private final StepGraph graph;
    private final CompiledStep step;
    private final Evaluator evaluator;
    private final @Nullable Teacher teacher;
    private final Batches.Plan plan;
    private final int steps;
    private final List<Epoch> history = new ArrayList<>();
    private volatile boolean stopped;
    private int epoch;
    private int done;
    private double loss;
    private double correct;
    private double seconds;

    /**
     * A run that begins where the checkpoint that {@code settings} names left off, if there is one.
     *
     * @param model with one input, whose batch is a symbol, and scores as its first output
     * @throws DataException if the data does not fit the model
     * @throws TrainingException if there is a checkpoint of another run
     */
    public Trainer(Graph model, Split data, Settings settings, Progress progress) {
        this.model = model;
        this.data = data;
        this.settings = settings;
        this.progress = progress;
        this.bound = Models.bound(model, settings.batch());
        Models.check(bound, data.training(), data.classes());
        int batch = bound.inputs().getFirst().shape().extent(0);
        this.plan =
                new Batches.Plan(batch, true, true, settings.normalize(), settings.augmentation());
        this.steps = Batches.count(data.training(), plan);
        if (steps == 0) {
            throw new DataException(
                    "%d examples do not fill a batch of %d"
                            .formatted(data.training().size(), batch));
        }
        this.graph = StepGraph.training(bound, settings.recipe(), settings.options());
        this.step = CompiledStep.of(graph, settings.threads());
        this.evaluator =
                new Evaluator(
                        model, settings.recipe().loss(), settings.normalize(), settings.threads());
        Graph guide = settings.teacher();
        this.teacher =
                guide == null
                        ? null
                        : Teacher.of(guide, bound, data.training(), settings.threads());
        graph.parameters().forEach(p -> step.set(p.name(), p.stored(p.initial().floats())));
        resume();
    }

    private void resume() {
        Path path = settings.checkpoint();
        if (path == null || !Files.exists(path)) {
            return;
        }
        Checkpoint saved = Checkpoint.read(path);
        if (!saved.run().equals(run())) {
            throw new TrainingException(
                    path
                            + " is of another run; remove it, or name another --out\n  there: "
                            + saved.run()
                            + "\n  here:  "
                            + run());
        }
        saved.values().forEach(step::set);
        epoch = saved.epoch();
        done = saved.step();
        loss = saved.loss();
        correct = saved.correct();
        seconds = saved.seconds();
        history.addAll(saved.history());
    }

    private String run() {
        return "model=%s parameters=%d examples=%d %s"
                .formatted(
                        model.name(),
                        graph.parameters().stream().mapToInt(Parameter::count).sum(),
                        data.training().size(),
                        settings.text());
    }

    /** Asks the run to end after the step it is at, with a checkpoint. */
    public void stop() {
        stopped = true;
    }

    /** The epochs so far. */
    public List<Epoch> history() {
        return List.copyOf(history);
    }

    /** Numbers of memory that a step needs. */
    public int arenaLength() {
        return step.arenaLength();
    }

    /** The model with the parameters as they are now. */
    public Graph trained() {
        return Trainable.of(bound).restore(model, p -> step.get(p.name()));
    }

    /**
     * Trains to the end, or until it is told to {@link #stop}.
     *
     * @return whether the end was reached
     * @throws TrainingException if the loss is no longer a number; the last checkpoint stays
     */
    public boolean train() throws InterruptedException {
        while (epoch < settings.epochs()) {
            if (!pass()) {
                save();
                return false;
            }
            Evaluator.Score score = evaluator.score(data.validation(), p -> step.get(p.name()));
            double count = (double) steps * plan.size();
            Epoch over =
                    new Epoch(
                            epoch + 1,
                            loss / steps,
                            correct / count,
                            score.loss(),
                            score.accuracy(),
                            rate(steps - 1),
                            seconds);
            history.add(over);
            epoch++;
            done = 0;
            loss = 0;
            correct = 0;
            seconds = 0;
            save();
            progress.epoch(over);
        }
        return true;
    }

    private double rate(int number) {
        double total = (double) steps * settings.epochs();
        double at = ((double) epoch * steps + number) / total;
        return settings.rate() * settings.schedule().at(at, epoch + (double) number / steps);
    }

    /** The rest of the epoch; false if it was stopped. */
    private boolean pass() throws InterruptedException {
        RandomStream random = RandomStream.of(settings.seed(), "data", "epoch").sub(epoch);
        String input = Models.input(bound);
        long begun = System.nanoTime();
        double before = seconds;
        double saved = 0;
        int first = done;
        try (Batches batches = new Batches(data.training(), plan, random, done)) {
            for (Batches.Batch next = batches.next(); next != null; next = batches.next()) {
                step.set(input, next.examples());
                step.set(StepGraph.LABELS, next.labels());
                drop((long) epoch * steps + done);
                if (teacher != null) {
                    step.set(StepGraph.TEACHER, teacher.scores(next.examples()));
                }
                step.set(StepGraph.RATE, (float) rate(done));
                step.set(StepGraph.STEP, (float) ((double) epoch * steps + done + 1));
                step.run();
                float now = step.number(StepGraph.LOSS);
                if (!Float.isFinite(now)) {
                    throw new TrainingException(
                            "the loss is %s in epoch %d, step %d: lower the learning rate, or look for bad examples"
                                    .formatted(now, epoch + 1, done + 1));
                }
                loss += now;
                correct += step.number(StepGraph.CORRECT);
                done++;
                double spent = (System.nanoTime() - begun) * 1e-9;
                seconds = before + spent;
                report(spent / (done - first));
                if (stopped) {
                    return false;
                }
                if (spent - saved > settings.checkpointSeconds()) {
                    saved = spent;
                    save();
                }
            }
        }
        return true;
    }

    /** Draws the masks of step {@code number}. */
    private void drop(long number) {
        for (StepGraph.Mask mask : graph.masks()) {
            RandomStream random = RandomStream.of(settings.seed(), mask.name(), "mask").sub(number);
            int count = mask.input().shape().count();
            step.set(mask.name(), Dropout.mask(count, mask.share(), random));
        }
    }

    private void report(double secondsPerStep) {
        long total = (long) steps * settings.epochs();
        long over = (long) epoch * steps + done;
        progress.step(
                epoch + 1,
                over,
                total,
                loss / done,
                correct / ((double) done * plan.size()),
                plan.size() / secondsPerStep,
                (total - over) * secondsPerStep);
    }

    private void save() {
        Path path = settings.checkpoint();
        if (path == null) {
            return;
        }
        Map<String, float[]> values = new LinkedHashMap<>();
        graph.state().values().forEach(name -> values.put(name, step.get(name)));
        try {
            new Checkpoint(run(), epoch, done, loss, correct, seconds, history, values).write(path);
        } catch (IOException e) {
            throw new TrainingException("checkpoint " + path + ": " + e.getMessage(), e);
        }
    }
}
