package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.cinnabar.compiler.Options;
import org.cinnabar.compiler.Progress;
import org.cinnabar.compiler.TuningCache;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the user decides about a compilation, for the commands that keep what it makes. */
final class CompileOptions {
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
            description = "names of the classes, one per line, to be kept with the model")
    @Nullable Path labels;

    @Option(
            names = "--tune",
            description =
                    "time the best candidates for each layer here, and keep the times for later")
    boolean tune;

    /** The options to compile {@code model} with, after measuring where that is asked for. */
    Options options(Path model, Progress progress) throws IOException {
        Options options =
                lowering.in(Options.DEFAULTS)
                        .withImports(shape.imports())
                        .withClassName(name)
                        .withPreprocessing(image.preprocessing())
                        .withLabels(Labels.read(labels));
        if (!tune) {
            return options;
        }
        TuningCache cache = TuningCache.ofUser();
        cache.tune(model, options, progress);
        return options.withMeasurements(cache);
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
