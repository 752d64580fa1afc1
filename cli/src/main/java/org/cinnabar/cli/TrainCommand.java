package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cinnabar.frontend.OnnxExporter;
import org.cinnabar.ir.Graph;
import org.cinnabar.runtime.AtomicFile;
import org.cinnabar.train.Settings;
import org.cinnabar.train.Trainer;
import org.cinnabar.train.TrainingReport;
import org.cinnabar.train.data.Datasets;
import org.cinnabar.train.data.Split;
import org.cinnabar.train.model.NetworkText;
import org.cinnabar.train.model.Networks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar train}: trains a network from its first weights or from those of a model. */
@Command(
        name = "train",
        description = "Trains a network on labelled examples, and writes it as an ONNX model.",
        footer = {
            "",
            "Networks by name: lenet-300-100, lenet-5, fashion-small, hashed-3, hashed-5, bnn-mlp,",
            "cifar-quick, vgg-small, resnet-8, resnet-20. Data: idx files (MNIST), CIFAR-10 binary",
            "batches, a folder of images for each class, .npz or .npy arrays, or a .csv with the class",
            "last. A .net text lists layers, as docs/training.md shows.",
            "",
            "A run that was interrupted goes on where it was: give the same command again.",
            "",
            "Examples:",
            "  cinnabar train lenet-5 --data mnist --epochs 10 --out lenet5",
            "  cinnabar train resnet-20 --data cifar10 --rate 0.1 --shift 4 --flip --threads 2",
            "  cinnabar finetune model.onnx --data photos --rate 0.001 --out tuned"
        })
class TrainCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int PATIENCE_SECONDS = 10;

    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "NETWORK",
            description = "a name, an ONNX model, or a .net text")
    String network = "";

    @Option(
            names = "--out",
            paramLabel = "NAME",
            description = "files to write: NAME.onnx, .json, .html, and .checkpoint on the way")
    Path out = Path.of("trained");

    @Mixin TrainingOptions training = new TrainingOptions();
    @Mixin CommonOptions common = new CommonOptions();

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Split data = Datasets.open(training.data);
        Graph model = model(data);
        Path checkpoint = file(".checkpoint");
        Settings settings = training.settings(data, checkpoint);
        CountDownLatch over = new CountDownLatch(1);
        Trainer trainer;
        try (TrainingLine line = new TrainingLine(console, settings.epochs(), common.quiet)) {
            trainer = new Trainer(model, data, settings, line);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(trainer, over)));
            if (!trainer.train()) {
                console.err().println("stopped; give the same command again to go on");
                return INTERRUPTED;
            }
        } finally {
            over.countDown();
        }
        TrainingReport report = new TrainingReport(model.name(), settings, trainer.history(), data);
        report.write(out);
        byte[] onnx = OnnxExporter.bytes(trainer.trained());
        AtomicFile.write(file(".onnx"), stream -> stream.write(onnx));
        Files.deleteIfExists(checkpoint);
        console.out()
                .printf(
                        "%s: %.2f %% of %d validation examples%n",
                        file(".onnx"),
                        100 * trainer.history().getLast().validationAccuracy(),
                        data.validation().size());
        return 0;
    }

    /** The network of that name, or the one in that file. */
    Graph model(Split data) throws IOException {
        if (network.endsWith(".net")) {
            Path file = Path.of(network);
            String name = file.getFileName().toString().replaceFirst("\\.net$", "");
            String text = Files.readString(file);
            return NetworkText.parse(name, text, data.classes(), training.seed);
        }
        if (network.endsWith(".onnx")) {
            return TrainingOptions.imported(Path.of(network));
        }
        return Networks.named(network, data.classes(), training.seed);
    }

    private Path file(String ending) {
        return out.resolveSibling(out.getFileName() + ending);
    }

    /** Asks the run to end, and waits until its checkpoint is written. */
    private static void stop(Trainer trainer, CountDownLatch over) {
        trainer.stop();
        try {
            over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
