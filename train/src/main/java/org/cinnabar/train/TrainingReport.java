package org.cinnabar.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.cinnabar.runtime.AtomicFile;
import org.cinnabar.train.data.Split;

/** What a run did: as JSON, and as a page with its curves that needs nothing else. */
public record TrainingReport(String model, Settings settings, List<Epoch> epochs, Split data) {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 240;
    private static final int MARGIN = 44;

    public TrainingReport {
        epochs = List.copyOf(epochs);
        if (epochs.isEmpty()) {
            throw new IllegalArgumentException("a report of no epoch");
        }
    }

    /** Writes {@code out.json} and {@code out.html}. */
    public void write(Path out) throws IOException {
        write(out.resolveSibling(out.getFileName() + ".json"), json());
        write(out.resolveSibling(out.getFileName() + ".html"), html());
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, stream -> stream.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private double imagesPerSecond() {
        double seconds = epochs.stream().mapToDouble(Epoch::seconds).sum();
        return (double) data.training().size() * epochs.size() / seconds;
    }

    /** One object: the model, the settings, and a line for each epoch. */
    public String json() {
        String lines = epochs.stream().map(TrainingReport::line).collect(Collectors.joining(",\n"));
        return String.format(
                Locale.ROOT,
                """
                {
                  "model": "%s",
                  "settings": "%s",
                  "trainingExamples": %d,
                  "validationExamples": %d,
                  "examplesPerSecond": %.1f,
                  "epochs": [
                %s
                  ]
                }
                """,
                quoted(model),
                quoted(settings.text()),
                data.training().size(),
                data.validation().size(),
                imagesPerSecond(),
                lines);
    }

    private static String line(Epoch e) {
        return "    {\"epoch\": %d, \"loss\": %s, \"accuracy\": %s, "
                        .formatted(e.number(), e.loss(), e.accuracy())
                + "\"validationLoss\": %s, \"validationAccuracy\": %s, "
                        .formatted(e.validationLoss(), e.validationAccuracy())
                + "\"rate\": %s, \"seconds\": %s}".formatted(e.rate(), e.seconds());
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", "?");
    }

    /** A page with a table and two charts. */
    public String html() {
        String rows =
                epochs.stream()
                        .map(
                                e ->
                                        String.format(
                                                Locale.ROOT,
                                                "<tr><td>%d<td>%.4f<td>%.2f<td>%.4f<td>%.2f<td>%.2g<td>%.1f",
                                                e.number(),
                                                e.loss(),
                                                100 * e.accuracy(),
                                                e.validationLoss(),
                                                100 * e.validationAccuracy(),
                                                e.rate(),
                                                e.seconds()))
                        .collect(Collectors.joining("\n"));
        return """
                <!DOCTYPE html>
                <html lang="en"><meta charset="utf-8"><title>%s</title>
                <style>
                body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 45rem; color: #222 }
                td, th { text-align: right; padding: .1rem .8rem } code { font-size: 85%% }
                svg { width: 100%% } .training { stroke: #b03a2e } .validation { stroke: #21618c }
                polyline { fill: none; stroke-width: 2 } text { font-size: 12px; fill: #555 }
                line { stroke: #ddd }
                </style>
                <h1>%s</h1>
                <p>%.2f %% of %d validation examples after %d epochs over %d examples, %.0f examples per second.
                <p><code>%s</code>
                <h2>Accuracy, %%</h2>
                %s
                <h2>Loss</h2>
                %s
                <p><svg viewBox="0 0 20 4" style="width:1.5rem"><polyline class="training" points="0,2 20,2"/></svg> training
                <svg viewBox="0 0 20 4" style="width:1.5rem"><polyline class="validation" points="0,2 20,2"/></svg> validation
                <h2>Epochs</h2>
                <table><tr><th>epoch<th>loss<th>%%<th>validation loss<th>validation %%<th>rate<th>s
                %s
                </table></html>
                """
                .formatted(
                        escaped(model),
                        escaped(model),
                        100 * epochs.getLast().validationAccuracy(),
                        data.validation().size(),
                        epochs.size(),
                        data.training().size(),
                        imagesPerSecond(),
                        escaped(settings.text()),
                        chart(e -> 100 * e.accuracy(), e -> 100 * e.validationAccuracy()),
                        chart(Epoch::loss, Epoch::validationLoss),
                        rows);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private String chart(ToDoubleFunction<Epoch> training, ToDoubleFunction<Epoch> validation) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Epoch e : epochs) {
            for (ToDoubleFunction<Epoch> curve : List.of(training, validation)) {
                least = Math.min(least, curve.applyAsDouble(e));
                most = Math.max(most, curve.applyAsDouble(e));
            }
        }
        double low = least;
        double span = most > least ? most - least : 1;
        StringBuilder svg =
                new StringBuilder(
                        String.format(Locale.ROOT, "<svg viewBox=\"0 0 %d %d\">", WIDTH, HEIGHT));
        for (int i = 0; i <= 4; i++) {
            double value = low + span * i / 4;
            double y = y(value, low, span);
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                                    + "<text x=\"0\" y=\"%.1f\">%.3g</text>",
                            MARGIN,
                            WIDTH,
                            y,
                            y,
                            y + 4,
                            value));
        }
        svg.append(polyline("training", training, low, span));
        svg.append(polyline("validation", validation, low, span));
        return svg.append("</svg>").toString();
    }

    private String polyline(String name, ToDoubleFunction<Epoch> curve, double low, double span) {
        int steps = Math.max(1, epochs.size() - 1);
        String points =
                epochs.stream()
                        .map(
                                e ->
                                        String.format(
                                                Locale.ROOT,
                                                "%.1f,%.1f",
                                                MARGIN
                                                        + (double) (WIDTH - MARGIN - 4)
                                                                * (e.number() - 1)
                                                                / steps,
                                                y(curve.applyAsDouble(e), low, span)))
                        .collect(Collectors.joining(" "));
        return String.format(Locale.ROOT, "<polyline class=\"%s\" points=\"%s\"/>", name, points);
    }

    private static double y(double value, double low, double span) {
        return HEIGHT - 12 - (HEIGHT - 24) * (value - low) / span;
    }
}
