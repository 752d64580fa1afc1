package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.TypedClass;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar generate}. */
@Command(
        name = "generate",
        description = "Compiles a model to a Java source and the classes behind it, for builds.",
        footer = {
            "",
            "Example:",
            "  cinnabar generate fashion.onnx --package com.example --sources gen --classes out"
        })
final class GenerateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "an ONNX model")
    Path model = Path.of("");

    @Option(
            names = "--package",
            paramLabel = "PACKAGE",
            required = true,
            description = "the package of the source class")
    String packageName = "";

    @Option(
            names = "--sources",
            paramLabel = "FOLDER",
            required = true,
            description = "the root folder of the source")
    Path sources = Path.of("");

    @Option(
            names = "--classes",
            paramLabel = "FOLDER",
            required = true,
            description = "the root folder of class files and weights")
    Path classes = Path.of("");

    @Mixin CompileOptions compile = new CompileOptions();
    @Mixin CommonOptions common = new CommonOptions();

    GenerateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Compiled compiled;
        try (ProgressLine progress = console.progress(common.quiet)) {
            compiled =
                    TypedClass.write(
                            model,
                            compile.options(model, progress),
                            packageName,
                            sources,
                            classes,
                            progress);
        }
        compiled.warnings().forEach(warning -> console.err().println("warning: " + warning));
        return 0;
    }
}
