package org.cinnabar.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.runtime.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar compile}. */
@Command(
        name = "compile",
        description = "Compiles a model to one self-contained jar.",
        footer = {
            "",
            "Examples:",
            "  cinnabar compile lenet.onnx",
            "  cinnabar compile resnet50.onnx --tune",
            "  cinnabar compile yolo.onnx -o yolo.jar --shape images=1x3x480x480",
            "  cinnabar compile fashion.onnx --mean 0.286 --std 0.353 --labels labels.txt",
            "  java -jar fashion.jar boot.png",
            "  cinnabar compile lenet.onnx --emit java -o sources"
        })
final class CompileCommand implements Callable<Integer> {
    /** What to write. */
    enum Kind {
        JAR,
        JAVA
    }

    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "an ONNX model")
    Path model = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description =
                    "the jar, or the folder of sources, to write (the model's name, in the working"
                            + " directory)")
    @Nullable Path out;

    @Mixin CompileOptions compile = new CompileOptions();

    @Option(
            names = "--emit",
            paramLabel = "KIND",
            defaultValue = "jar",
            description =
                    "jar; or java: the generated kernels as Java sources, which compile to the same")
    Kind emit = Kind.JAR;

    @Mixin CommonOptions common = new CommonOptions();

    CompileCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        return emit == Kind.JAR ? writeJar() : writeSources();
    }

    private int writeJar() throws IOException {
        long start = System.nanoTime();
        Path jar = out == null ? Destination.jarOf(model) : out;
        Destination.requireWritable(jar);
        Compiled compiled;
        try (ProgressLine progress = console.progress(common.quiet)) {
            compiled = Compiler.compile(model, compile.options(model, progress), progress);
            progress.begin("writing " + jar.getFileName(), 1, 1);
            compiled.write(jar);
        }
        if (!common.quiet) {
            compiled.warnings().forEach(warning -> console.err().println("warning: " + warning));
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            Summary.of(compiled, jar, Files.size(jar), time).forEach(console.out()::println);
        }
        return 0;
    }

    private int writeSources() throws IOException {
        try (ProgressLine progress = console.progress(common.quiet)) {
            Compiled compiled = Compiler.compile(model, compile.options(model, progress), progress);
            render(compiled.programs(), out == null ? Destination.namesakeOf(model) : out);
        }
        return 0;
    }

    private static void render(List<ClassModel> programs, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (ClassModel program : programs) {
            Path file = folder.resolve(program.name().displayName() + ".java");
            byte[] source = program.render().getBytes(StandardCharsets.UTF_8);
            AtomicFile.write(file, out -> out.write(source));
        }
    }
}
