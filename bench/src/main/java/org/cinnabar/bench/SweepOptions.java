package org.cinnabar.bench;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which layers {@code --sweep} measures, and how thoroughly. */
final class SweepOptions {
    @Option(
            names = "--sweep",
            required = true,
            description =
                    "instead: single convolutions, each computed in every way that may pay: is the"
                            + " one that is picked the quickest?")
    boolean sweep;

    @Option(
            names = "--kernel",
            split = ",",
            paramLabel = "K",
            defaultValue = "1,3,5,7,11,15,31",
            description = "sides of kernels; default: 1,3,5,7,11,15,31")
    List<Integer> kernels = new ArrayList<>();

    @Option(
            names = "--channels",
            split = ",",
            paramLabel = "C",
            defaultValue = "16,32,64,128,256",
            description = "numbers of channels; default: 16,32,64,128,256")
    List<Integer> channels = new ArrayList<>();

    @Option(
            names = "--map",
            split = ",",
            paramLabel = "M",
            defaultValue = "7,14,28,56,112",
            description = "sides of maps; default: 7,14,28,56,112")
    List<Integer> maps = new ArrayList<>();

    @Option(
            names = "--within",
            paramLabel = "F",
            defaultValue = "3",
            description =
                    "passes over what is predicted to take F times as long as the quickest;"
                            + " default: 3")
    double within;

    @Option(names = "--each", description = "also every lowering's predicted and measured time")
    boolean each;

    /** The layers: all combinations. */
    List<SweepLayer> layers(int kernel, int channels) {
        return maps.stream().map(map -> new SweepLayer(kernel, channels, map)).toList();
    }

    /** What is wrong with them, in words; empty if nothing is. */
    String problem() {
        boolean counts =
                List.of(kernels, channels, maps).stream()
                        .flatMap(List::stream)
                        .allMatch(number -> number > 0);
        return !counts || kernels.stream().anyMatch(kernel -> kernel % 2 == 0)
                ? "--kernel takes odd numbers, --channels and --map positive ones"
                : within >= 1 ? "" : "--within takes at least 1; got " + within;
    }
}
