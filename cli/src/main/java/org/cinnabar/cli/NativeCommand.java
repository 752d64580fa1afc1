package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.GraalVm;
import org.cinnabar.compiler.NativeExecutable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar native}. */
@Command(
        name = "native",
        description = "Compiles a model to one executable, with GraalVM's native-image.",
        footer = {
            "",
            "The executable has the command line of the model's jar, reads PNG and JPEG images, and",
            "needs no Java. GraalVM is looked for in $$GRAALVM_HOME, then on $$PATH.",
            "",
            "Examples:",
            "  cinnabar native mobilenet.onnx -o classify --labels names.txt",
            "  cinnabar native mobilenet.onnx -o classify --march x86-64-v3",
            "  ./classify photo.jpg"
        })
final class NativeCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "an ONNX model")
    Path model = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "the executable to write (the model's name, in the working directory)")
    @Nullable Path out;

    @Option(
            names = "--march",
            paramLabel = "MACHINE",
            defaultValue = "native",
            description =
                    "the machine to build for, like x86-64-v3 or x86-64-v4, as native-image's -march"
                            + " (${DEFAULT-VALUE}: this one)")
    String march = "native";

    @Option(
            names = "--native-option",
            paramLabel = "OPTION",
            description = "another option for native-image, like -Ob; may be given often")
    List<String> nativeOptions = new ArrayList<>();

    @Mixin CompileOptions compile = new CompileOptions();
    @Mixin CommonOptions common = new CommonOptions();

    NativeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path executable = out == null ? Destination.namesakeOf(model) : out;
        Destination.requireWritable(executable);
        GraalVm graal = GraalVm.find(System.getenv());
        List<String> options = new ArrayList<>(List.of("-O2", "-march=" + march));
        options.addAll(nativeOptions);
        Compiled compiled;
        try (ProgressLine progress = console.progress(common.quiet)) {
            compiled = Compiler.compile(model, compile.options(model, progress), progress);
            NativeExecutable.build(compiled, graal, options, executable, progress);
        }
        if (!common.quiet) {
            compiled.warnings().forEach(warning -> console.err().println("warning: " + warning));
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            Summary.of(compiled, executable, Files.size(executable), time)
                    .forEach(console.out()::println);
        }
        return 0;
    }
}
