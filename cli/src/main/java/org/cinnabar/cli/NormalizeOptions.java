package org.cinnabar.cli;

import java.util.ArrayList;
import java.util.List;
import org.cinnabar.train.data.Dataset;
import org.cinnabar.train.data.Normalize;
import picocli.CommandLine.Option;

/** How examples become inputs: {@code (x - mean)/std} with pixels from 0 to 1. */
final class NormalizeOptions {
    @Option(
            names = "--mean",
            split = ",",
            paramLabel = "M",
            description = "one number, or one for each channel (that of the data)")
    List<Double> mean = new ArrayList<>();

    @Option(
            names = "--std",
            split = ",",
            paramLabel = "S",
            description = "one number, or one for each channel (that of the data)")
    List<Double> std = new ArrayList<>();

    /** As the user has it, else from {@code data}. */
    Normalize of(Dataset data) {
        if (mean.isEmpty() && std.isEmpty()) {
            return Normalize.of(data);
        }
        if (mean.size() != std.size()) {
            throw new IllegalArgumentException(
                    "expected as many numbers for --mean as for --std, got " + mean + ", " + std);
        }
        return new Normalize(mean, std);
    }
}
