package org.cinnabar.cli;

import java.lang.constant.ClassDesc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Report;
import org.cinnabar.runtime.Port;

/** What was compiled, in a few lines. */
final class Summary {
    private Summary() {}

    static List<String> of(Compiled compiled, Path file, long fileBytes, Duration time) {
        Report report = compiled.report();
        boolean batchable = compiled.signature().batchable();
        ClassDesc type = compiled.artefact().model();
        return List.of(
                "%s: %s in %s".formatted(file, Quantity.bytes(fileBytes), Quantity.seconds(time)),
                line(
                        "inputs",
                        ports(compiled.signature().inputs())
                                + (batchable ? ", in batches of any size" : "")),
                line("outputs", ports(compiled.signature().outputs())),
                line(
                        "model",
                        "%s parameters, %s MACs"
                                .formatted(
                                        Quantity.count(report.parameters()),
                                        Quantity.count(report.macs()))),
                line(
                        "memory",
                        "%s of weights, %s of activations per session"
                                .formatted(
                                        Quantity.bytes(report.weightBytes()),
                                        Quantity.bytes(report.arenaBytes()))),
                line("kernels", kernels(report)),
                line(
                        "code",
                        type.packageName() + "." + type.displayName() + ", " + widths(compiled)));
    }

    private static String line(String name, String value) {
        return "  %-8s %s".formatted(name, value);
    }

    private static String ports(List<Port> ports) {
        return ports.stream()
                .map(port -> port.name() + " " + port.shapeText())
                .collect(Collectors.joining(", "));
    }

    private static String kernels(Report report) {
        String counts =
                report.lowerings().entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
        return report.fused() == 0 ? counts : counts + "; " + report.fused() + " operators fused";
    }

    private static String widths(Compiled compiled) {
        List<String> widths =
                compiled.artefact().variants().stream()
                        .map(Variant::lanes)
                        .filter(lanes -> lanes > 0)
                        .sorted(Comparator.reverseOrder())
                        .map(String::valueOf)
                        .toList();
        return widths.isEmpty()
                ? "scalar"
                : "scalar and for vectors of " + String.join(", ", widths) + " floats";
    }
}
