package org.cinnabar.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.cinnabar.compiler.CompileException;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.cinnabar.compiler.TuningCache;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Timings;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Model;
import org.cinnabar.train.StepOptions;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command: measures models and prints sheets. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        sortOptions = false,
        description = "Runs models with Cinnabar and ONNX Runtime in turns.")
final class Benchmark implements Callable<Integer> {
    private static final double TOLERANCE = 1e-3;
    private static final int COUNTED_RUNS = 20;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            paramLabel = "MODEL",
            description =
                    "ONNX files or models of the zoo in $$CINNABAR_ZOO; default: all of the zoo")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--threads",
            split = ",",
            paramLabel = "N",
            defaultValue = "1",
            description = "numbers of threads to measure with, like 1,2; default: 1")
    private List<Integer> threads = new ArrayList<>();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "time per model and number of threads, after a warm-up; default: 5")
    private double seconds;

    @Option(
            names = "--lowering",
            paramLabel = "NODE=LOWERING",
            description = "how to compute a node or, *=direct, all that can be; may be given often")
    private List<String> lowerings = new ArrayList<>();

    @Option(
            names = "--max-error",
            paramLabel = "E",
            description = "largest error of a layer, over its largest result")
    private double maxError = 1e-4;

    @Option(names = "--layers", description = "also the steps of each model, on one thread")
    private boolean layers;

    @Option(
            names = "--cold",
            description = "instead: first results, settling and memory of fresh processes")
    private boolean cold;

    @Option(
            names = "--native",
            paramLabel = "FOLDER",
            description =
                    "instead: executables beside their jars, in FOLDER, made where they are missing;"
                            + " needs GraalVM")
    private @Nullable Path executables;

    @Option(
            names = "--contended",
            description =
                    "instead: with two threads or what --threads says, alone and beside a process"
                            + " that keeps one core busy")
    private boolean contended;

    @Option(
            names = "--kernels",
            description =
                    "instead: single layers with JMH, in vector and in scalar code; all, or those"
                            + " that MODEL names, like CONV_3X3_64_56")
    private boolean kernels;

    @ArgGroup(exclusive = false)
    private @Nullable SweepOptions sweep;

    @Option(
            names = "--training",
            description =
                    "instead: training steps of the networks that MODEL names, like lenet-5, beside"
                            + " PyTorch; or of a layer, like 64x32x32:64:11x11+5, beside direct"
                            + " convolution")
    private boolean training;

    @Option(
            names = "--recompute",
            description = "in training steps, compute cheap activations again")
    private boolean recompute;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "examples in a training step; default: 64")
    private int batch;

    @Option(
            names = "--python",
            paramLabel = "FILE",
            defaultValue = "/usr/bin/python3",
            description =
                    "for --training: a Python that has torch and onnx; default: /usr/bin/python3")
    private String python = "";

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "5",
            description = "processes per model and runtime for --cold and --native; default: 5")
    private int runs;

    @Option(
            names = "--format",
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}; default: table")
    private Sheet.Format format = Sheet.Format.TABLE;

    private final Sheet measured =
            new Sheet(
                    "model",
                    "threads",
                    "ours_ms",
                    "ours_min",
                    "ort_ms",
                    "ort_min",
                    "ratio",
                    "q1",
                    "q3",
                    "rounds",
                    "gflops",
                    "peak_%",
                    "bytes",
                    "compile_s",
                    "error",
                    "agrees");
    private final List<Double> ratios = new ArrayList<>();

    static CommandLine commandLine() {
        return new CommandLine(new Benchmark())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(
                        (thrown, line, _) -> {
                            line.getErr().println("bench: " + thrown);
                            return 1;
                        });
    }

    @Override
    public Integer call() throws Exception {
        requireSense();
        if (kernels) {
            runKernels();
            return 0;
        }
        Document document = new Document();
        if (training) {
            boolean any = training(document);
            document.print(format, spec.commandLine().getOut());
            return any ? 0 : 1;
        }
        if (sweep != null) {
            sweep(sweep, document);
            return 0;
        }
        List<Path> files = files();
        Options options = options();
        boolean measuredAny;
        if (cold) {
            measuredAny = cold(files, options, document);
        } else if (executables != null) {
            measuredAny = executables(executables, files, options, document);
        } else if (contended) {
            measuredAny = contended(files, options, document);
        } else {
            measuredAny = speed(files, options, document);
        }
        document.print(format, spec.commandLine().getOut());
        return measuredAny ? 0 : 1;
    }

    private boolean cold(List<Path> files, Options options, Document document)
            throws IOException, InterruptedException {
        Sheet sheet = ColdStart.sheet();
        for (Path file : files) {
            progress(file + ", cold");
            attempt(file, () -> ColdStart.measure(file, options, runs, threads.getFirst(), sheet));
        }
        document.add("cold", sheet);
        return !sheet.isEmpty();
    }

    private boolean executables(Path folder, List<Path> files, Options options, Document document)
            throws IOException, InterruptedException {
        Executables executables = Executables.in(folder, threads.getFirst());
        Sheet sheet = Executables.sheet();
        for (Path file : files) {
            progress(file + ", as an executable");
            attempt(file, () -> executables.measure(file, options, runs, seconds, sheet));
        }
        document.add("native", sheet);
        return !sheet.isEmpty();
    }

    private boolean contended(List<Path> files, Options options, Document document)
            throws IOException, InterruptedException {
        boolean said = spec.commandLine().getParseResult().hasMatchedOption("--threads");
        Sheet sheet = Contention.sheet();
        for (Path file : files) {
            progress(file + ", alone and contended");
            Measurement measurement =
                    () -> {
                        Subject subject = Subject.of(file, options);
                        for (int count : said ? threads : List.of(2)) {
                            Contention.measure(subject, count, seconds, sheet);
                        }
                    };
            attempt(file, measurement);
        }
        document.add("contended", sheet);
        return !sheet.isEmpty();
    }

    private boolean training(Document document) throws IOException, InterruptedException {
        String script = System.getProperty("cinnabar.bench.peer", "bench/training_peer.py");
        TrainingSpeed.Plan plan =
                new TrainingSpeed.Plan(
                        batch, threads, seconds, python, Path.of(script), stepOptions());
        TrainingSpeed.Sheets sheets =
                new TrainingSpeed.Sheets(
                        TrainingSpeed.sheet(), TrainingSpeed.classes(), TrainingSpeed.kernels());
        List<String> networks =
                models.isEmpty() ? List.of("lenet-5", "vgg-small", "resnet-20") : models;
        Sheet layer = LayerTraining.sheet();
        for (String network : networks) {
            progress(network + ", training");
            attempt(
                    Path.of(network),
                    LayerTraining.isLayer(network)
                            ? () -> LayerTraining.measure(network, plan, layer)
                            : () -> TrainingSpeed.measure(network, plan, sheets));
        }
        if (!layer.isEmpty()) {
            document.add("layer", layer);
        }
        if (!sheets.speed().isEmpty()) {
            if (layers) {
                document.add("kernels", sheets.kernels());
            }
            document.add("classes", sheets.classes());
            document.add("training", sheets.speed());
        }
        return !layer.isEmpty() || !sheets.speed().isEmpty();
    }

    private StepOptions stepOptions() throws IOException {
        return new StepOptions(StepOptions.DEFAULT.frequency(), options().selection(), recompute);
    }

    private boolean speed(List<Path> files, Options options, Document document)
            throws IOException, InterruptedException {
        progress("the core's peak");
        double peak = Peak.measure();
        Sheet steps = Layers.sheet();
        for (Path file : files) {
            progress(file.toString());
            attempt(file, () -> measure(Subject.of(file, options), peak, steps));
        }
        if (layers) {
            document.add("layers", steps);
        }
        document.add("models", measured);
        String summary = summary(peak);
        document.conclude(summary);
        if (format == Sheet.Format.CSV) {
            progress(summary);
        }
        return !measured.isEmpty();
    }

    private void sweep(SweepOptions chosen, Document document) throws IOException {
        if (!chosen.problem().isEmpty()) {
            throw new ParameterException(spec.commandLine(), chosen.problem());
        }
        // Of the machine, but not of layers: what is predicted without that is to be seen.
        Selection untuned = options().selection().withTimings(Timings.NONE);
        Sweep measuring = new Sweep(chosen, untuned, this::progress);
        measuring.measure(document);
        document.print(format, spec.commandLine().getOut());
        if (format == Sheet.Format.CSV) {
            progress(measuring.summary());
        }
    }

    private void runKernels() throws RunnerException {
        var chosen = new OptionsBuilder().include(KernelBenchmark.class.getName());
        if (!models.isEmpty()) {
            chosen.param("kernel", models.toArray(String[]::new));
        }
        if (format != Sheet.Format.TABLE) {
            ResultFormatType type =
                    format == Sheet.Format.CSV ? ResultFormatType.CSV : ResultFormatType.JSON;
            chosen.resultFormat(type).result("kernels." + type.name().toLowerCase(Locale.ROOT));
        }
        new Runner(chosen.build()).run();
    }

    private void requireSense() {
        if (!(seconds > 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds takes a positive number; got " + seconds);
        }
        if (runs < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--runs takes at least 1; got " + runs);
        }
        for (int count : threads) {
            if (count < 1) {
                throw new ParameterException(
                        spec.commandLine(), "--threads takes at least 1; got " + count);
            }
        }
    }

    /** For this machine, whose constants are measured once. */
    private Options options() throws IOException {
        TuningCache cache = TuningCache.ofUser();
        if (!cache.knowsMachine()) {
            progress("measuring this machine for some seconds, once");
            cache.calibrate();
        }
        Options options = Options.DEFAULTS.withMeasurements(cache);
        try {
            options = options.withMaxError(maxError);
            for (String lowering : lowerings) {
                options = options.withLowering(lowering);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        return options;
    }

    private List<Path> files() throws IOException {
        try {
            return Zoo.ofEnvironment().models(models);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** One part of the measurement. */
    private interface Measurement {
        void run() throws IOException, InterruptedException;
    }

    /** A model that cannot be measured is named and passed over. */
    private void attempt(Path file, Measurement measurement)
            throws IOException, InterruptedException {
        try {
            measurement.run();
        } catch (CompileException | IllegalStateException e) {
            progress(file + " left out: " + e.getMessage());
        }
    }

    private void measure(Subject subject, double peak, Sheet steps) throws IOException {
        Model model = subject.compiled().load();
        for (int count : threads) {
            measure(subject, model, count, peak);
        }
        if (layers) {
            progress(subject.name() + ", layer by layer");
            Layers.measure(subject, model.lanes(), seconds, peak, steps);
        }
    }

    private void measure(Subject subject, Model model, int count, double peak) {
        try (Engine ours = new CinnabarEngine(model, subject.inputs(), count);
                Engine theirs =
                        new OnnxRuntimeEngine(
                                subject.file(), model.signature(), subject.inputs(), count)) {
            Interleaved times = Interleaved.measure(ours, theirs, count, seconds);
            double median = Statistics.median(times.ours());
            double[] paired = times.ratios();
            double gflops = 2 * subject.compiled().report().macs() / median / 1e6;
            double error = error(model.signature().outputs().size(), ours, theirs);
            ratios.add(times.ratio());
            measured.add(
                    subject.name(),
                    count,
                    median,
                    Statistics.min(times.ours()),
                    Statistics.median(times.theirs()),
                    Statistics.min(times.theirs()),
                    times.ratio(),
                    Statistics.quantile(paired, 0.25),
                    Statistics.quantile(paired, 0.75),
                    paired.length,
                    gflops,
                    100 * gflops / (peak * count),
                    bytesPerRun(ours),
                    subject.compileSeconds(),
                    error,
                    error <= TOLERANCE ? "yes" : "NO");
        }
    }

    /** The largest difference of any output, relative to that output's largest value. */
    private static double error(int outputs, Engine ours, Engine theirs) {
        double error = 0;
        for (int i = 0; i < outputs; i++) {
            error = Math.max(error, Statistics.relativeError(ours.output(i), theirs.output(i)));
        }
        return error;
    }

    /** Bytes that all threads allocate during an inference. */
    private static double bytesPerRun(Engine engine) {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // The first count allocates itself.
        for (int i = 0; i < COUNTED_RUNS; i++) {
            bean.getTotalThreadAllocatedBytes();
        }
        long before = bean.getTotalThreadAllocatedBytes();
        for (int i = 0; i < COUNTED_RUNS; i++) {
            engine.run();
        }
        return (double) (bean.getTotalThreadAllocatedBytes() - before) / COUNTED_RUNS;
    }

    private String summary(double peak) {
        double mean =
                ratios.isEmpty()
                        ? Double.NaN
                        : Statistics.geometricMean(
                                ratios.stream().mapToDouble(Double::doubleValue).toArray());
        return String.format(
                Locale.ROOT,
                "geometric mean of %d ratios %.3f; peak %.1f GFLOP/s per core, %d lanes, cinnabar %s",
                ratios.size(),
                mean,
                peak,
                Lanes.preferred(),
                Compiler.version());
    }

    private void progress(String text) {
        spec.commandLine().getErr().println(text);
        spec.commandLine().getErr().flush();
    }
}
