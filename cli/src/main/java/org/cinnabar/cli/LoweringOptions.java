package org.cinnabar.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.cinnabar.compiler.Options;
import org.cinnabar.compiler.TuningCache;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What computes each layer. */
final class LoweringOptions {
    @Option(
            names = "--lowering",
            paramLabel = "NODE=LOWERING",
            converter = Checked.class,
            description =
                    "how to compute a node, like conv_3=winograd4, or many, like *=direct; may be"
                            + " given often")
    List<String> requests = new ArrayList<>();

    @Option(
            names = "--max-error",
            paramLabel = "E",
            converter = Positive.class,
            defaultValue = "1e-4",
            description = "largest error of a layer, over its largest result (1e-4)")
    double maxError;

    /** {@code options} with these, and with what was measured on this machine before. */
    Options in(Options options) throws IOException {
        Options chosen = options.withMaxError(maxError).withMeasurements(TuningCache.ofUser());
        for (String request : requests) {
            chosen = chosen.withLowering(request);
        }
        return chosen;
    }

    /** Accepts what {@link Options#withMaxError} does. */
    static final class Positive implements ITypeConverter<Double> {
        @Override
        public Double convert(String text) {
            try {
                double error = Double.parseDouble(text);
                Options.DEFAULTS.withMaxError(error);
                return error;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Accepts what {@link Options#withLowering} does. */
    static final class Checked implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                Options.DEFAULTS.withLowering(text);
                return text;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
