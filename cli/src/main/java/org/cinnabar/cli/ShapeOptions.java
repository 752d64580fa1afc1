package org.cinnabar.cli;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.frontend.ImportOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Shapes given for inputs. */
final class ShapeOptions {
    @Option(
            names = "--shape",
            paramLabel = "NAME=SHAPE",
            converter = Checked.class,
            description = "shape of an input, like input=1x3x480x480; may be given for each")
    List<String> shapes = new ArrayList<>();

    ImportOptions imports() {
        ImportOptions imports = ImportOptions.DEFAULTS;
        for (String shape : shapes) {
            imports = imports.withShape(shape);
        }
        return imports;
    }

    /** Accepts what {@link ImportOptions#withShape} does. */
    static final class Checked implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                ImportOptions.DEFAULTS.withShape(text);
                return text;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
