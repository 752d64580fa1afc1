package org.cinnabar.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.frontend.ImportOptions;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.Input;
import org.cinnabar.train.Dropout;
import org.cinnabar.train.Loss;
import org.cinnabar.train.Optimizer;
import org.cinnabar.train.Proximal;
import org.cinnabar.train.Recipe;
import org.cinnabar.train.Schedule;
import org.cinnabar.train.Settings;
import org.cinnabar.train.StepOptions;
import org.cinnabar.train.Trainable;
import org.cinnabar.train.data.Augmentation;
import org.cinnabar.train.data.Split;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the user decides about training. */
final class TrainingOptions {
    @Option(names = "--data", paramLabel = "DIR", required = true, description = "the examples")
    Path data = Path.of("");

    @Option(names = "--epochs", paramLabel = "N", description = "passes over the examples (10)")
    int epochs = 10;

    @Option(names = "--batch", paramLabel = "N", description = "examples in a step (64)")
    int batch = 64;

    @Option(
            names = {"--rate", "--lr"},
            paramLabel = "R",
            description = "the greatest learning rate (0.01; 0.001 for Adam)")
    @Nullable Double rate;

    @Option(
            names = "--schedule",
            paramLabel = "S",
            description =
                    "constant, cosine, one-cycle[:RISE], step:EPOCHS:FACTOR, geometric:END (cosine)")
    String schedule = "cosine";

    @Option(
            names = "--optimizer",
            paramLabel = "O",
            description = "sgd, nesterov, adam, adamw (sgd)")
    String optimizer = "sgd";

    @Option(names = "--momentum", paramLabel = "M", description = "of sgd and nesterov (0.9)")
    double momentum = 0.9;

    @Option(names = "--decay", paramLabel = "D", description = "weight decay (0.0005)")
    double decay = 0.0005;

    @Option(
            names = "--clip",
            paramLabel = "NORM",
            description = "the greatest norm of all gradients")
    double clip = Double.POSITIVE_INFINITY;

    @Option(names = "--loss", paramLabel = "L", description = "cross-entropy, hinge, square")
    String loss = "cross-entropy";

    @Option(names = "--smoothing", paramLabel = "S", description = "of labels in cross-entropy (0)")
    double smoothing;

    @Option(names = "--l1", paramLabel = "S", description = "strength of an L1 penalty on weights")
    double l1;

    @Option(
            names = "--group-lasso",
            paramLabel = "S",
            description = "strength of a penalty on the norms of output channels")
    double groupLasso;

    @Option(
            names = "--factor",
            paramLabel = "PREFIX=F",
            description = "multiplies the rate of parameters by name; 0 freezes them")
    List<String> factors = new ArrayList<>();

    @Option(
            names = "--dropout",
            paramLabel = "PREFIX=P",
            description = "zeroes a share of what layers of these names read")
    List<String> dropouts = new ArrayList<>();

    @Option(
            names = "--teacher",
            paramLabel = "MODEL",
            description = "an ONNX model whose scores to learn from, too")
    @Nullable Path teacher;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "divides scores when learning from a teacher (4)")
    double temperature = 4;

    @Option(
            names = "--soft",
            paramLabel = "S",
            description = "the share of the loss that is the teacher's (0.9)")
    double soft = 0.9;

    @Option(
            names = "--lowering",
            paramLabel = "NODE=LOWERING",
            converter = LoweringOptions.Checked.class,
            description =
                    "how to compute a node in training, like conv1=winograd4; conv1' names its"
                            + " gradients; may be given often")
    List<String> lowerings = new ArrayList<>();

    @Option(
            names = "--recompute",
            description = "compute cheap activations again instead of keeping them")
    boolean recompute;

    @Option(
            names = "--checkpoint-seconds",
            paramLabel = "S",
            description = "the most work that an interruption may cost (20)")
    double checkpointSeconds = 20;

    @Option(names = "--shift", paramLabel = "N", description = "shift images by up to N pixels")
    int shift;

    @Option(names = "--flip", description = "mirror half of the images")
    boolean flip;

    @Option(names = "--cutout", paramLabel = "N", description = "blank squares of N pixels")
    int cutout;

    @Option(names = "--seed", paramLabel = "N", description = "of everything random (1)")
    long seed = 1;

    @Option(names = "--threads", paramLabel = "N", description = "threads to compute with")
    int threads = Runtime.getRuntime().availableProcessors();

    @Mixin NormalizeOptions normalize = new NormalizeOptions();

    /** The settings of a run whose state is kept in {@code checkpoint}. */
    Settings settings(Split split, @Nullable Path checkpoint) {
        Recipe recipe =
                new Recipe(loss(), optimizer(), proximal(), clip, 0.1, factors(), dropouts());
        boolean adam = optimizer.startsWith("adam");
        return new Settings(
                epochs,
                batch,
                rate != null ? rate : adam ? 0.001 : 0.01,
                Schedule.parse(schedule),
                recipe,
                stepOptions(),
                normalize.of(split.training()),
                new Augmentation(shift, flip, cutout),
                seed,
                threads,
                teacher == null ? null : imported(teacher),
                checkpoint,
                checkpointSeconds);
    }

    private StepOptions stepOptions() {
        StepOptions options = StepOptions.DEFAULT.withRecompute(recompute);
        for (String lowering : lowerings) {
            options = options.withLowering(lowering);
        }
        return options;
    }

    Loss loss() {
        if (teacher != null) {
            return new Loss.Distillation(temperature, soft);
        }
        return switch (loss) {
            case "cross-entropy" -> new Loss.CrossEntropy(smoothing);
            case "hinge" -> new Loss.SquaredHinge();
            case "square" -> new Loss.MeanSquare();
            default ->
                    throw new IllegalArgumentException(
                            "expected --loss cross-entropy, hinge or square, got '" + loss + "'");
        };
    }

    private Optimizer optimizer() {
        return switch (optimizer) {
            case "sgd" -> new Optimizer.Sgd(momentum, decay, false);
            case "nesterov" -> new Optimizer.Sgd(momentum, decay, true);
            case "adam" -> new Optimizer.Adam(0.9, 0.999, 1e-8, decay, false);
            case "adamw" -> new Optimizer.Adam(0.9, 0.999, 1e-8, decay, true);
            default ->
                    throw new IllegalArgumentException(
                            "expected --optimizer sgd, nesterov, adam or adamw, got '"
                                    + optimizer
                                    + "'");
        };
    }

    private Proximal proximal() {
        if (l1 > 0 && groupLasso > 0) {
            throw new IllegalArgumentException("expected one of --l1 and --group-lasso, got both");
        }
        return l1 > 0
                ? new Proximal.L1(l1)
                : groupLasso > 0 ? new Proximal.GroupLasso(groupLasso) : new Proximal.None();
    }

    private List<Recipe.Factor> factors() {
        return parsed("--factor", factors, Recipe.Factor::new);
    }

    private List<Dropout> dropouts() {
        return parsed("--dropout", dropouts, Dropout::new);
    }

    private interface Named<T> {
        T of(String prefix, double number);
    }

    private static <T> List<T> parsed(String option, List<String> texts, Named<T> made) {
        List<T> parsed = new ArrayList<>();
        for (String text : texts) {
            int equals = text.lastIndexOf('=');
            try {
                double number = Double.parseDouble(text.substring(equals + 1));
                parsed.add(made.of(text.substring(0, Math.max(equals, 0)), number));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "expected %s PREFIX=NUMBER, got '%s'".formatted(option, text), e);
            }
        }
        return parsed;
    }

    /** The model in {@code file} with its batch free. */
    static Graph imported(Path file) {
        Graph graph = Compiler.read(file, ImportOptions.DEFAULTS).graph();
        if (graph.inputs().size() != 1) {
            throw new IllegalArgumentException(
                    file + " has " + graph.inputs().size() + " inputs, training takes one");
        }
        Input input = (Input) graph.inputs().getFirst().op();
        List<Dim> dims = new ArrayList<>(input.type().shape().dims());
        if (!dims.isEmpty() && dims.getFirst().isKnown()) {
            dims.set(0, Dim.symbol("N"));
            Shape free = new Shape(dims);
            graph = Compiler.read(file, new ImportOptions(Map.of(input.name(), free))).graph();
        }
        return Trainable.prepared(graph);
    }
}
