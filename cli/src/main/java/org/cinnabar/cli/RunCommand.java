package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar run}: compiles a model if need be, and starts its jar on the inputs. */
@Command(
        name = "run",
        description = "Runs a model, or a jar that was compiled from one.",
        footer = {
            "",
            "Examples:",
            "  cinnabar run resnet50.onnx photo.jpg --labels imagenet.txt --top 3",
            "  cinnabar run yolo.onnx batch.npy --shape images=1x3x480x480 --out boxes.npy",
            "  cinnabar run pair.onnx left=a.pb right=b.pb",
            "  cinnabar run resnet50.jar --bench 5 --threads 2"
        })
final class RunCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "MODEL", description = "an ONNX model, or a compiled jar")
    Path model = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "INPUT",
            description =
                    "an image (PNG, JPEG), an .npy array of any batch, or a .pb tensor; NAME=INPUT"
                            + " for a model of several inputs")
    List<String> inputs = new ArrayList<>();

    @Mixin ShapeOptions shape = new ShapeOptions();
    @Mixin LoweringOptions lowering = new LoweringOptions();
    @Mixin ImageOptions image = new ImageOptions();

    @Option(names = "--labels", paramLabel = "FILE", description = "names of the classes")
    @Nullable Path labels;

    @Option(names = "--top", paramLabel = "K", description = "classes to print per item (5)")
    @Nullable Integer top;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "write the first output to an .npy file; NAME=FILE for another one")
    List<String> outputs = new ArrayList<>();

    @Option(names = "--threads", paramLabel = "N", description = "threads to run on (1)")
    @Nullable Integer threads;

    @Option(
            names = "--bench",
            paramLabel = "SECONDS",
            description = "measure, and print one line of JSON; without INPUT on random values")
    @Nullable Double bench;

    @Mixin CommonOptions common = new CommonOptions();

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Scratch scratch = Scratch.create()) {
            List<String> words = new ArrayList<>();
            for (String input : inputs) {
                words.add(readable(input, scratch));
            }
            words.addAll(image.words());
            option("--labels", labels, words);
            option("--top", top, words);
            option("--threads", threads, words);
            option("--bench", bench, words);
            outputs.forEach(output -> option("--out", output, words));
            if (common.debug) {
                words.add("--debug");
            }
            return Child.run(jar(scratch), words);
        }
    }

    private static void option(String name, @Nullable Object value, List<String> words) {
        if (value != null) {
            words.add(name + "=" + value);
        }
    }

    private Path jar(Scratch scratch) throws IOException {
        if (model.toString().endsWith(".jar")) {
            return model;
        }
        Path jar = scratch.file("model.jar");
        try (ProgressLine progress = console.progress(common.quiet)) {
            Options options = lowering.in(Options.DEFAULTS).withImports(shape.imports());
            Compiled compiled = Compiler.compile(model, options, progress);
            progress.begin("writing code", 1, 1);
            compiled.write(jar);
        }
        return jar;
    }

    /** Jars read no protobuf: such an input becomes an array beside the jar. */
    private static String readable(String input, Scratch scratch) throws IOException {
        if (!input.endsWith(".pb")) {
            return input;
        }
        int equals = Files.exists(Path.of(input)) ? -1 : input.indexOf('=');
        Path file = Path.of(input.substring(equals + 1));
        Path array = scratch.file(file.getFileName() + ".npy");
        Values.read(file).write(array);
        return input.substring(0, equals + 1) + array;
    }
}
