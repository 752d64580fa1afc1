package org.cinnabar.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.frontend.Imported;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.ir.text.GraphPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar inspect}. */
@Command(
        name = "inspect",
        description = "Shows a model's graph, shapes, parameters and multiply-adds (MACs).",
        footer = {
            "",
            "Examples:",
            "  cinnabar inspect resnet50.onnx",
            "  cinnabar inspect yolo.onnx --shape images=1x3x480x480 --format json",
            "  cinnabar inspect lenet.onnx --canonical --format dot | dot -Tsvg > lenet.svg"
        })
final class InspectCommand implements Callable<Integer> {
    private final Console console;

    /** The forms of the answer. */
    enum Format {
        TABLE,
        JSON,
        TEXT,
        DOT
    }

    @Parameters(paramLabel = "MODEL", description = "an ONNX model")
    Path model = Path.of("");

    @Mixin ShapeOptions shape = new ShapeOptions();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, json, text (the compiler's own language) or dot (table)")
    Format format = Format.TABLE;

    @Option(
            names = "--canonical",
            description = "the graph after simplification, as code is generated from it")
    boolean canonical;

    @Mixin CommonOptions common = new CommonOptions();

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Imported imported;
        Graph graph;
        try (ProgressLine progress = console.progress(common.quiet)) {
            progress.begin("reading " + model.getFileName(), 0, 2);
            imported = Compiler.read(model, shape.imports());
            progress.begin("simplifying", 1, 2);
            graph =
                    canonical
                            ? Compiler.simplify(imported.graph(), new PassTrace())
                            : imported.graph();
        }
        if (!common.quiet) {
            imported.warnings().forEach(warning -> console.err().println("warning: " + warning));
        }
        console.out()
                .print(
                        switch (format) {
                            case TABLE -> GraphTable.of(imported, graph);
                            case JSON -> GraphJson.of(imported, graph);
                            case TEXT -> GraphPrinter.print(graph);
                            case DOT -> GraphDot.of(graph);
                        });
        console.out().flush();
        return 0;
    }
}
