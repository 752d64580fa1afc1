package org.cinnabar.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cinnabar.train.Evaluator;
import org.cinnabar.train.Loss;
import org.cinnabar.train.data.Datasets;
import org.cinnabar.train.data.Split;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar evaluate}: loss and accuracy of a model on labelled examples. */
@Command(
        name = "evaluate",
        description = "Prints the loss and the accuracy of an ONNX model on labelled examples.",
        footer = {"", "Example:", "  cinnabar evaluate trained.onnx --data mnist"})
final class EvaluateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "an ONNX model")
    Path model = Path.of("");

    @Option(names = "--data", paramLabel = "DIR", required = true, description = "the examples")
    Path data = Path.of("");

    @Option(names = "--threads", paramLabel = "N", description = "threads to compute with")
    int threads = Runtime.getRuntime().availableProcessors();

    @Mixin NormalizeOptions normalize = new NormalizeOptions();
    @Mixin CommonOptions common = new CommonOptions();

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Split split = Datasets.open(data);
        Evaluator evaluator =
                new Evaluator(
                        TrainingOptions.imported(model),
                        new Loss.CrossEntropy(0),
                        normalize.of(split.training()),
                        threads);
        Evaluator.Score score = evaluator.score(split.validation());
        console.out()
                .printf(
                        Locale.ROOT,
                        "loss %.4f  accuracy %.2f %% of %d examples%n",
                        score.loss(),
                        100 * score.accuracy(),
                        split.validation().size());
        return 0;
    }
}
