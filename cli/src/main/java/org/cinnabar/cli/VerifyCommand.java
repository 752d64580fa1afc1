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
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Session;
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
    @Mixin CommonOptions common = new CommonOptions();

    private record Result(String set, Comparison comparison) {}

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<TestSet> sets = TestSet.in(folder);
        List<Result> results = new ArrayList<>();
        int lanes = 0;
        try (ProgressLine progress = console.progress(common.quiet)) {
            Graph declared = Compiler.read(model, shape.imports()).graph();
            Map<ImportOptions, Model> models = new HashMap<>();
            for (TestSet set : sets) {
                Map<String, Values> inputs = set.inputs(names(declared));
                ImportOptions imports = shapes(declared, inputs);
                Model compiled = models.get(imports);
                if (compiled == null) {
                    compiled = compile(imports, progress);
                    models.put(imports, compiled);
                }
                progress.begin("running " + set.name(), results.size(), sets.size());
                lanes = compiled.lanes();
                for (Comparison comparison : run(compiled, set, inputs)) {
                    results.add(new Result(set.name(), comparison));
                }
            }
        }
        return report(results, lanes);
    }

    private Model compile(ImportOptions imports, ProgressLine progress) {
        Compiled compiled =
                Compiler.compile(model, Options.DEFAULTS.withImports(imports), progress);
        return compiled.load();
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

    private List<Comparison> run(Model compiled, TestSet set, Map<String, Values> inputs)
            throws IOException {
        Session session = compiled.session();
        for (Port port : compiled.signature().inputs()) {
            Values values = inputs.get(port.name());
            if (values == null) {
                throw new IOException(set.name() + " has no value for input '" + port.name() + "'");
            }
            session.input(port.name()).bind(values.floats());
        }
        List<Port> ports = compiled.signature().outputs();
        SequencedMap<String, Values> expected =
                set.outputs(ports.stream().map(Port::name).toList());
        List<float[]> seen = new ArrayList<>();
        expected.forEach(
                (name, values) -> {
                    seen.add(new float[values.floats().length]);
                    session.output(name).bind(seen.getLast());
                });
        session.run();
        List<Comparison> comparisons = new ArrayList<>();
        expected.forEach(
                (name, values) ->
                        comparisons.add(
                                Comparison.of(name, values.wide(), seen.get(comparisons.size()))));
        return comparisons;
    }

    private int report(List<Result> results, int lanes) {
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
                            "%d of %d outputs within %s (%s)%n",
                            good,
                            results.size(),
                            number(tolerance),
                            lanes == 0 ? "scalar code" : lanes + " lanes");
            console.out().flush();
        }
        return good == results.size() ? 0 : Failures.FAILURE;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }
}
