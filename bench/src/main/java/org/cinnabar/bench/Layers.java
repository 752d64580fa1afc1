package org.cinnabar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.compiler.Report;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Program;

/**
 * Times of a model's steps on one thread, each in its place within whole inferences, beside ONNX
 * Runtime's own profile of the nodes that it calls the same.
 */
final class Layers {
    private static final Pattern NODE =
            Pattern.compile("\"dur\" ?: ?(\\d+)[^{]*?\"name\" ?: ?\"([^\"]*)_kernel_time\"");

    private static final Pattern MADE = Pattern.compile("(_output_\\d+)?(_nchwc)?$");

    private Layers() {}

    static Sheet sheet() {
        return new Sheet(
                "model",
                "layer",
                "lowering",
                "ours_us",
                "share_%",
                "ort_us",
                "mmacs",
                "gflops",
                "peak_%");
    }

    /** Adds a row to {@code sheet} for every layer of {@code subject}. */
    static void measure(Subject subject, int lanes, double seconds, double peak, Sheet sheet)
            throws IOException {
        Subject.Steps steps = subject.steps();
        List<String> labels = steps.labels();
        TimedProgram program = TimedProgram.of(program(subject, lanes));
        if (labels.size() != program.steps()) {
            throw new IllegalStateException(
                    subject.name() + " has " + program.steps() + " steps, named " + labels.size());
        }
        Model model = new TimedModel(subject, lanes, program);
        try (Engine engine = new CinnabarEngine(model, subject.inputs(), 1)) {
            repeat(engine, Interleaved.warmUp(seconds));
            program.forget();
            repeat(engine, seconds);
        }
        Map<String, Double> micros = new LinkedHashMap<>();
        for (int step = 0; step < labels.size(); step++) {
            micros.merge(labels.get(step), Statistics.median(program.micros(step)), Double::sum);
        }
        Map<String, Double> theirs = new HashMap<>();
        profile(subject, seconds)
                .forEach(
                        (name, time) -> {
                            String layer = steps.layers().get(nodeOf(name));
                            if (layer != null) {
                                theirs.merge(layer, time, Double::sum);
                            }
                        });
        write(subject, steps, micros, theirs, peak, sheet);
    }

    private static void write(
            Subject subject,
            Subject.Steps steps,
            Map<String, Double> micros,
            Map<String, Double> theirs,
            double peak,
            Sheet sheet) {
        Map<String, Report.Choice> choices =
                subject.compiled().report().choices().stream()
                        .collect(Collectors.toMap(Report.Choice::node, c -> c, (a, _) -> a));
        double total = micros.values().stream().mapToDouble(Double::doubleValue).sum();
        micros.forEach(
                (label, time) -> {
                    List<Report.Choice> parts =
                            steps.together().getOrDefault(label, List.of(label)).stream()
                                    .map(choices::get)
                                    .filter(Objects::nonNull)
                                    .toList();
                    long macs = parts.stream().mapToLong(Report.Choice::macs).sum();
                    double gflops = macs == 0 ? Double.NaN : 2 * macs / time / 1e3;
                    sheet.add(
                            subject.name(),
                            label,
                            parts.stream()
                                    .map(Report.Choice::lowering)
                                    .distinct()
                                    .collect(Collectors.joining("+")),
                            time,
                            100 * time / total,
                            theirs.getOrDefault(label, Double.NaN),
                            macs / 1e6,
                            gflops,
                            100 * gflops / peak);
                });
    }

    private static void repeat(Engine engine, double seconds) {
        long begin = System.nanoTime();
        do {
            engine.run();
        } while (System.nanoTime() - begin < seconds * 1e9);
    }

    private static Program program(Subject subject, int lanes) {
        Variant variant =
                subject.compiled().artefact().variants().stream()
                        .filter(v -> v.lanes() == lanes)
                        .findFirst()
                        .orElseThrow();
        return new GeneratedCode(variant).program();
    }

    /** ONNX Runtime calls a node that it made after the value that the node computes. */
    private static String nodeOf(String name) {
        return MADE.matcher(name).replaceFirst("");
    }

    /** Median microseconds of each node of ONNX Runtime's, by the node's name. */
    private static Map<String, Double> profile(Subject subject, double seconds) throws IOException {
        Path folder = Files.createTempDirectory("bench");
        Path file = folder.resolve("profile");
        try (OnnxRuntimeEngine engine =
                new OnnxRuntimeEngine(
                        subject.file(),
                        subject.compiled().signature(),
                        subject.inputs(),
                        1,
                        file)) {
            repeat(engine, seconds / 2);
            file = engine.endProfile();
            return medians(Files.readString(file));
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    static Map<String, Double> medians(String profile) {
        Map<String, List<Double>> times = new HashMap<>();
        Matcher node = NODE.matcher(profile);
        while (node.find()) {
            times.computeIfAbsent(node.group(2), _ -> new ArrayList<>())
                    .add(Double.parseDouble(node.group(1)));
        }
        Map<String, Double> medians = new HashMap<>();
        times.forEach(
                (name, all) ->
                        medians.put(
                                name,
                                Statistics.median(
                                        all.stream().mapToDouble(Double::doubleValue).toArray())));
        return medians;
    }

    /** The model with another program in place of its own. */
    private static final class TimedModel extends Model {
        TimedModel(Subject subject, int lanes, Program program) {
            super(
                    subject.compiled().signature(),
                    lanes,
                    program,
                    CompiledKernel.joined(subject.compiled().artefact().weights()));
        }
    }
}
