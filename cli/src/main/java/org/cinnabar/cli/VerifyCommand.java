package org.cinnabar.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.cinnabar.frontend.ImportOptions;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.op.Input;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Signature;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar verify}. */
@Command(
        name = "verify",
        description = "Compiles a model, runs it on test data and compares the results.",
        footer = {
            "",
            "The test data is ONNX's: folders test_data_set_0, ... with input_0.pb, output_0.pb, ...;",
            "one such folder will do, and .npy files too. An error is relative to the largest",
            "magnitude expected of its output.",
            "",
            "Example:",
            "  cinnabar verify resnet50/model.onnx --against resnet50 --tolerance 1e-4"
        })
final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "an ONNX model")
    Path model = Path.of("");

    @Option(
            names = "--against",
            paramLabel = "FOLDER",
            required = true,
            description = "the test data")
    Path folder = Path.of("");

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            defaultValue = "1e-3",
            description = "largest relative error (1e-3)")
    double tolerance;

    @Mixin ShapeOptions shape = new ShapeOptions();
    @Mixin LoweringOptions lowering = new LoweringOptions();
    @Mixin CommonOptions common = new CommonOptions();

    private record Jar(Path file, Signature signature) {}

    private record Result(String set, Comparison comparison) {}

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<TestSet> sets = TestSet.in(folder);
        List<Result> results = new ArrayList<>();
        try (Scratch scratch = Scratch.create();
                ProgressLine progress = console.progress(common.quiet)) {
            Graph declared = Compiler.read(model, shape.imports()).graph();
            Map<ImportOptions, Jar> jars = new HashMap<>();
            for (TestSet set : sets) {
                Map<String, Values> inputs = set.inputs(names(declared));
                ImportOptions imports = shapes(declared, inputs);
                Jar jar = jars.get(imports);
                if (jar == null) {
                    jar = compile(imports, scratch, progress);
                    jars.put(imports, jar);
                }
                progress.begin("running " + set.name(), jars.size(), sets.size() + 1);
                results.addAll(results(jar, set, inputs, scratch));
            }
        }
        return report(results);
    }

    private Jar compile(ImportOptions imports, Scratch scratch, ProgressLine progress)
            throws IOException {
        Path file = scratch.file("model.jar");
        Options options = lowering.in(Options.DEFAULTS).withImports(imports);
        Compiled compiled = Compiler.compile(model, options, progress);
        compiled.write(file);
        return new Jar(file, compiled.signature());
    }

    private static List<String> names(Graph graph) {
        return graph.inputs().stream().map(node -> ((Input) node.op()).name()).toList();
    }

    /** The data's own shapes where the model leaves extents open. */
    private ImportOptions shapes(Graph declared, Map<String, Values> inputs) {
        Map<String, Shape> shapes = new HashMap<>(shape.imports().shapes());
        for (Node input : declared.inputs()) {
            Values values = inputs.get(((Input) input.op()).name());
            if (values != null && !input.shape().isKnown()) {
                shapes.put(((Input) input.op()).name(), values.shape());
            }
        }
        return new ImportOptions(shapes);
    }

    private static List<Result> results(
            Jar jar, TestSet set, Map<String, Values> inputs, Scratch scratch)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        for (Port port : jar.signature().inputs()) {
            Values values = inputs.get(port.name());
            if (values == null) {
                throw new IOException(set.name() + " has no value for input '" + port.name() + "'");
            }
            Path file = scratch.file(port.name().replaceAll("\\W", "_") + ".npy");
            values.write(file);
            words.add(port.name() + "=" + file);
        }
        List<String> names = jar.signature().outputs().stream().map(Port::name).toList();
        SequencedMap<String, Values> expected = set.outputs(names);
        List<Path> files = new ArrayList<>();
        for (String name : expected.keySet()) {
            files.add(scratch.file("output.npy"));
            words.add("--out=" + name + "=" + files.getLast());
        }
        Child.runSilently(jar.file(), words, scratch.file("log"));
        List<Result> results = new ArrayList<>();
        for (Map.Entry<String, Values> output : expected.entrySet()) {
            Values seen = Values.read(files.get(results.size()));
            Comparison comparison = Comparison.of(output.getKey(), output.getValue(), seen);
            results.add(new Result(set.name(), comparison));
        }
        return results;
    }

    private int report(List<Result> results) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("data", "output", "", "error", "largest"));
        for (Result result : results) {
            Comparison comparison = result.comparison();
            boolean ok = comparison.error() <= tolerance;
            if (!ok || !common.quiet) {
                rows.add(
                        List.of(
                                result.set(),
                                comparison.output(),
                                ok ? "ok" : "DIFFERS",
                                number(comparison.error()),
                                number(comparison.largest())));
            }
        }
        long good = results.stream().filter(r -> r.comparison().error() <= tolerance).count();
        if (!common.quiet || good < results.size()) {
            console.out().print(Table.of(rows, 3));
            console.out()
                    .printf(
                            Locale.ROOT,
                            "%d of %d outputs within %s%n",
                            good,
                            results.size(),
                            number(tolerance));
            console.out().flush();
        }
        return good == results.size() ? 0 : Failures.FAILURE;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }
}
