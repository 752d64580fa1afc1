package org.cinnabar.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cinnabar explain}. */
@Command(
        name = "explain",
        description = "Shows how each layer of a compiled model is computed, and what else could.",
        footer = {
            "",
            "The one chosen has a star. Times are of one thread; those predicted are for a typical",
            "machine. Errors are relative to the layer's largest result.",
            "",
            "Example:",
            "  cinnabar explain resnet50.jar"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final String UNKNOWN = "-";

    private final Console console;

    @Parameters(paramLabel = "JAR", description = "a compiled model")
    Path jar = Path.of("");

    @Option(names = "--all", description = "also the layers that can be computed in one way only")
    boolean all;

    ExplainCommand(Console console) {
        this.console = console;
    }

    /** One line of the jar's table. */
    private record Candidate(
            String layer,
            String operator,
            boolean isChosen,
            String name,
            double predicted,
            double measured,
            String error,
            String remark) {
        static Candidate of(String line) throws IOException {
            String[] cells = line.split("\t", -1);
            try {
                return new Candidate(
                        cells[1],
                        cells[2],
                        cells[3].equals(cells[4]),
                        cells[4],
                        Double.parseDouble(cells[5]),
                        Double.parseDouble(cells[6]),
                        cells[7],
                        cells[8]);
            } catch (ArrayIndexOutOfBoundsException | NumberFormatException e) {
                throw new IOException("a line of the table of choices is damaged: " + line, e);
            }
        }

        double time() {
            return Double.isNaN(measured) ? predicted : measured;
        }
    }

    @Override
    public Integer call() throws IOException {
        Map<String, List<Candidate>> layers = layers();
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "layer",
                        "operator",
                        "",
                        "lowering",
                        "predicted_us",
                        "measured_us",
                        "vs direct",
                        "error",
                        "remark"));
        for (List<Candidate> candidates : layers.values()) {
            if (all || candidates.size() > 1) {
                rows.addAll(rows(candidates));
            }
        }
        console.out().print(Table.of(rows, 4));
        console.out().flush();
        return 0;
    }

    private static List<List<String>> rows(List<Candidate> candidates) {
        double direct =
                candidates.stream()
                        .filter(candidate -> candidate.name().equals("direct"))
                        .mapToDouble(Candidate::time)
                        .findFirst()
                        .orElse(Double.NaN);
        List<List<String>> rows = new ArrayList<>();
        for (Candidate candidate : candidates) {
            boolean first = rows.isEmpty();
            rows.add(
                    List.of(
                            first ? candidate.layer() : "",
                            first ? candidate.operator() : "",
                            candidate.isChosen() ? "*" : "",
                            candidate.name(),
                            number("%.0f", candidate.predicted()),
                            number("%.0f", candidate.measured()),
                            number("%.2f", direct / candidate.time()),
                            candidate.error(),
                            candidate.remark()));
        }
        return rows;
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : UNKNOWN;
    }

    /** The candidates for each layer, in order of execution. */
    private Map<String, List<Candidate>> layers() throws IOException {
        if (!Files.exists(jar)) {
            throw new NoSuchFileException(jar.toString());
        }
        Map<String, List<Candidate>> layers = new LinkedHashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            JarEntry table =
                    file.stream()
                            .filter(entry -> entry.getName().startsWith("META-INF/cinnabar/"))
                            .filter(entry -> entry.getName().endsWith("/choices.tsv"))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new IOException(
                                                    jar + " is no model compiled by Cinnabar"));
            try (InputStream in = file.getInputStream(table)) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                for (String line : text.lines().skip(1).toList()) {
                    String index = line.substring(0, line.indexOf('\t') + 1);
                    layers.computeIfAbsent(index, _ -> new ArrayList<>()).add(Candidate.of(line));
                }
            }
        }
        return layers;
    }
}
