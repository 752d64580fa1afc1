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
import org.cinnabar.compiler.Options;
import org.cinnabar.compiler.TuningCache;
import org.cinnabar.runtime.AtomicFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

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
            "  java -jar fashion.jar boot.png"
        })
final class CompileCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "an ONNX model")
    Path model = Path.of("");

    @Option(
            names = {"-o", "--out"},
            paramLabel = "JAR",
            description = "the jar to write (the model's name, in the working directory)")
    @Nullable Path out;

    @Mixin ShapeOptions shape = new ShapeOptions();
    @Mixin LoweringOptions lowering = new LoweringOptions();

    @Option(
            names = "--name",
            paramLabel = "CLASS",
            defaultValue = "",
            converter = ClassName.class,
            description = "the class to generate, like com.example.Resnet50 (from the file's name)")
    String name = "";

    @Mixin ImageOptions image = new ImageOptions();

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "names of the classes, one per line, to be kept in the jar")
    @Nullable Path labels;

    @Option(
            names = "--sources",
            paramLabel = "FOLDER",
            description = "write the generated code there as Java, for reading")
    @Nullable Path sources;

    @Option(
            names = "--tune",
            description =
                    "time the best candidates for each layer here, and keep the times for later")
    boolean tune;

    @Mixin CommonOptions common = new CommonOptions();

    CompileCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        Options options =
                lowering.in(Options.DEFAULTS)
                        .withImports(shape.imports())
                        .withClassName(name)
                        .withPreprocessing(image.preprocessing())
                        .withLabels(Labels.read(labels));
        Path jar = out == null ? Destination.jarOf(model) : out;
        Destination.requireWritable(jar);
        Compiled compiled;
        try (ProgressLine progress = console.progress(common.quiet)) {
            if (tune) {
                TuningCache cache = TuningCache.ofUser();
                cache.tune(model, options, progress);
                options = options.withMeasurements(cache);
            }
            compiled = Compiler.compile(model, options, progress);
            progress.begin("writing " + jar.getFileName(), 1, 1);
            compiled.write(jar);
        }
        if (sources != null) {
            render(compiled.programs(), sources);
        }
        if (!common.quiet) {
            compiled.warnings().forEach(warning -> console.err().println("warning: " + warning));
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            Summary.of(compiled, jar, Files.size(jar), time).forEach(console.out()::println);
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

    /** Accepts what {@link Options} does. */
    static final class ClassName implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                return Options.DEFAULTS.withClassName(text).className();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
