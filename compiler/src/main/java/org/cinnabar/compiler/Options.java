package org.cinnabar.compiler;

import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.cinnabar.frontend.ImportOptions;
import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Shape;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Timings;
import org.cinnabar.runtime.Preprocessing;

/**
 * What the user decides about a compilation.
 *
 * @param imports shapes of inputs that replace the declared ones
 * @param className the class to generate, {@code com.example.Resnet50}; without a package it gets
 *     one of its own; empty for a name made from the file's
 * @param preprocessing how the jar's command line makes inputs of images
 * @param labels names of the classes for the jar's command line; none if unknown
 * @param targets what code is generated for
 * @param selection what computes each layer
 */
public record Options(
        ImportOptions imports,
        String className,
        Preprocessing preprocessing,
        List<String> labels,
        List<Target> targets,
        Selection selection) {
    /** Shapes as declared, a name made from the file's, code for every target. */
    public static final Options DEFAULTS =
            new Options(
                    ImportOptions.DEFAULTS,
                    "",
                    Preprocessing.DEFAULT,
                    List.of(),
                    Target.ALL,
                    Selection.DEFAULT);

    /**
     * Rejects a class that no model can have, and targets without the scalar one, which every jar
     * falls back on.
     */
    public Options {
        if (!className.isEmpty()) {
            Names.requireUsable(className);
        }
        labels = List.copyOf(labels);
        targets = List.copyOf(targets);
        if (!targets.contains(Target.SCALAR)) {
            throw new IllegalArgumentException("the scalar target is missing in " + targets);
        }
    }

    /** This with other shapes. */
    public Options withImports(ImportOptions imports) {
        return new Options(imports, className, preprocessing, labels, targets, selection);
    }

    /** This with {@code shape}, in the form {@code input=1x3x224x224}. */
    public Options withShape(String shape) {
        return withImports(imports.withShape(shape));
    }

    /** This with another class to generate. */
    public Options withClassName(String className) {
        return new Options(imports, className, preprocessing, labels, targets, selection);
    }

    /** This with another preprocessing. */
    public Options withPreprocessing(Preprocessing preprocessing) {
        return new Options(imports, className, preprocessing, labels, targets, selection);
    }

    /** This with other labels. */
    public Options withLabels(List<String> labels) {
        return new Options(imports, className, preprocessing, labels, targets, selection);
    }

    /** This with other targets. */
    public Options withTargets(List<Target> targets) {
        return new Options(imports, className, preprocessing, labels, targets, selection);
    }

    /** This with other choices of what computes each layer. */
    public Options withSelection(Selection selection) {
        return new Options(imports, className, preprocessing, labels, targets, selection);
    }

    /**
     * This with a wish for what computes one layer, {@code conv_3=direct}, or many, {@code
     * *=direct}; rejects a lowering that does not exist.
     */
    public Options withLowering(String request) {
        return withSelection(selection.with(Selection.Request.parse(request)));
    }

    /** This with another largest error of a layer, over its largest result. */
    public Options withMaxError(double error) {
        return withSelection(selection.withMaxError(error));
    }

    /** This with choices by what {@code cache} holds. */
    public Options withMeasurements(TuningCache cache) throws IOException {
        return withSelection(cache.into(selection));
    }

    /** What differs from the defaults and changes the code, as options of the command line. */
    public String text() {
        StringJoiner text = new StringJoiner(" ");
        imports.shapes().entrySet().stream()
                .map(entry -> "--shape " + entry.getKey() + "=" + text(entry.getValue()))
                .sorted()
                .forEach(text::add);
        selection.requests().forEach(request -> text.add("--lowering " + request));
        if (selection.maxError() != Selection.DEFAULT.maxError()) {
            text.add("--max-error " + selection.maxError());
        }
        if (!selection.timings().equals(Timings.NONE)) {
            text.add("--tune");
        }
        if (!className.isEmpty()) {
            text.add("--name " + className);
        }
        return text.toString();
    }

    private static String text(Shape shape) {
        return shape.dims().stream().map(Dim::toString).collect(Collectors.joining("x"));
    }
}
