package org.cinnabar.compiler;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The machine that native-image builds for where it is told to build for this one. */
final class NativeMachine {
    private static final String NATIVE = "-march=native";

    /** Everything that Cinnabar's kernels use but a vector's count of bits. */
    private static final String NEAREST = "-march=x86-64-v4";

    private NativeMachine() {}

    /**
     * {@code options}, if need be for the nearest machine to this one. On a processor with AVX10
     * HotSpot, and so native-image, counts the AVX-512 of Xeon Phi among its features, which it has
     * not: the executable would refuse to start where it was built.
     */
    static List<String> options(List<String> options) throws IOException, InterruptedException {
        return options.contains(NATIVE) ? options(options, processor()) : options;
    }

    /** The same for what HotSpot says of the processor. */
    static List<String> options(List<String> options, String processor) {
        return options.stream()
                .map(o -> o.equals(NATIVE) && processor.contains("avx10") ? NEAREST : o)
                .toList();
    }

    /** What HotSpot says of this machine's processor: its features, in a line. */
    private static String processor() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process =
                new ProcessBuilder(java.toString(), "-Xlog:os+cpu", "-version")
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader lines = process.inputReader()) {
            String said =
                    lines.lines().filter(line -> line.contains("CPU: ")).findFirst().orElse("");
            process.waitFor();
            return said;
        }
    }
}
