package org.cinnabar.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.GraalVm;
import org.cinnabar.compiler.NativeExecutable;
import org.cinnabar.compiler.Options;
import org.cinnabar.compiler.Progress;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Port;

/**
 * Native executables beside the jars that they were made from: the time from the start of a process
 * to its first line of results, and that of an inference once all is warm.
 *
 * <p>Executables are built for this machine and stay in a folder, as that takes minutes.
 */
final class Executables {
    private static final Pattern MEDIAN = Pattern.compile("\"median_ms\": ([0-9.]+)");
    private static final int MOST_ROUNDS = 5;
    private static final double NANOS = 1e9;

    private final Path folder;
    private final GraalVm graal;
    private final String threads;

    private Executables(Path folder, GraalVm graal, int threads) {
        this.folder = folder;
        this.graal = graal;
        this.threads = Integer.toString(threads);
    }

    /**
     * Those in {@code folder}, which is made if need be; to be run with {@code threads}.
     *
     * @throws IOException if there is no GraalVM to make them with
     */
    static Executables in(Path folder, int threads) throws IOException, InterruptedException {
        Path made = Files.createDirectories(folder).toAbsolutePath();
        return new Executables(made, GraalVm.find(System.getenv()), threads);
    }

    static Sheet sheet() {
        return new Sheet(
                "model",
                "threads",
                "runs",
                "build_s",
                "mb",
                "first_ms",
                "first_q1",
                "first_q3",
                "jar_first_ms",
                "ort_first_ms",
                "native_ms",
                "jar_ms",
                "speed",
                "q1",
                "q3",
                "same_bits");
    }

    /**
     * Adds the row of {@code file}: {@code runs} first results of each kind, and {@code seconds} of
     * inferences, in turns.
     */
    void measure(Path file, Options options, int runs, double seconds, Sheet sheet)
            throws IOException, InterruptedException {
        Compiled compiled = Compiler.compile(file, options);
        String name = compiled.signature().name();
        Path executable = folder.resolve(name);
        Path jar = folder.resolve(name + ".jar");
        double buildSeconds = build(compiled, executable, jar);

        List<String> exe = List.of(executable.toString());
        List<String> java = List.of(java(), "-jar", jar.toString());
        List<String> vectors = List.of(java(), "-Dcinnabar.vector=on", "-jar", jar.toString());
        List<String> inputs = new ArrayList<>(List.of("--threads", threads));
        inputs.addAll(inputs(file, compiled));
        boolean same =
                Arrays.deepEquals(
                        outputs(exe, inputs, compiled), outputs(vectors, inputs, compiled));

        List<String> peer = new ArrayList<>(List.of(java()));
        peer.add("--enable-native-access=ALL-UNNAMED");
        peer.addAll(
                ColdOnnxRuntime.command(file, compiled.signature(), Integer.parseInt(threads), 1));
        double[][] first =
                turns(
                        runs,
                        () -> millisToFirstLine(joined(exe, inputs)),
                        () -> millisToFirstLine(joined(java, inputs)),
                        () -> millisToFirstLine(peer));
        int rounds = Math.min(runs, MOST_ROUNDS);
        List<String> bench =
                joined(inputs, List.of("--bench", Double.toString(seconds / 2 / rounds)));
        double[][] steady =
                turns(
                        rounds,
                        () -> number(MEDIAN, said(joined(exe, bench))),
                        () -> number(MEDIAN, said(joined(java, bench))));
        double[] speed = new double[rounds];
        Arrays.setAll(speed, i -> steady[1][i] / steady[0][i]);
        sheet.add(
                name,
                Integer.parseInt(threads),
                runs,
                buildSeconds,
                Files.size(executable) / 1e6,
                Statistics.median(first[0]),
                Statistics.quantile(first[0], 0.25),
                Statistics.quantile(first[0], 0.75),
                Statistics.median(first[1]),
                Statistics.median(first[2]),
                Statistics.median(steady[0]),
                Statistics.median(steady[1]),
                Statistics.median(speed),
                Statistics.quantile(speed, 0.25),
                Statistics.quantile(speed, 0.75),
                same ? "yes" : "NO");
    }

    /** Makes what is missing; returns how long native-image took, NaN if it had nothing to do. */
    private double build(Compiled compiled, Path executable, Path jar)
            throws IOException, InterruptedException {
        if (Files.exists(executable) && Files.exists(jar)) {
            return Double.NaN;
        }
        long begin = System.nanoTime();
        compiled.write(jar);
        NativeExecutable.build(
                compiled, graal, List.of("-O2", "-march=native"), executable, Progress.SILENT);
        return (System.nanoTime() - begin) / NANOS;
    }

    /** Writes what the model is measured with; returns how a command line names it. */
    private List<String> inputs(Path file, Compiled compiled) throws IOException {
        List<Port> ports = compiled.signature().inputs();
        List<float[]> values = TestImage.inputs(file, ports);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            Path array = folder.resolve(compiled.signature().name() + ".input" + i + ".npy");
            new Npy(ports.get(i).shape(), values.get(i)).write(array);
            words.add(ports.get(i).name() + "=" + array);
        }
        return words;
    }

    private byte[][] outputs(List<String> program, List<String> inputs, Compiled compiled)
            throws IOException, InterruptedException {
        List<Port> ports = compiled.signature().outputs();
        List<String> words = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            files.add(folder.resolve("output" + i + ".npy"));
            words.addAll(List.of("--out", ports.get(i).name() + "=" + files.get(i)));
        }
        said(joined(program, joined(inputs, words)));
        byte[][] bytes = new byte[files.size()][];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = Files.readAllBytes(files.get(i));
            Files.delete(files.get(i));
        }
        return bytes;
    }

    /** The figures that each of {@code kinds} gives in {@code rounds}, one after the other. */
    @SafeVarargs
    private static double[][] turns(int rounds, Callable<Double>... kinds)
            throws IOException, InterruptedException {
        double[][] figures = new double[kinds.length][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int kind = 0; kind < kinds.length; kind++) {
                try {
                    figures[kind][round] = kinds[kind].call();
                } catch (IOException | InterruptedException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return figures;
    }

    private static double millisToFirstLine(List<String> command)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            boolean came = lines.readLine() != null;
            double millis = (System.nanoTime() - begin) / 1e6;
            lines.lines().forEach(_ -> {});
            if (process.waitFor() != 0 || !came) {
                throw new IllegalStateException(command + " gave no results");
            }
            return millis;
        } finally {
            process.destroy();
        }
    }

    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said.strip());
            }
            return said;
        } finally {
            process.destroy();
        }
    }

    private static double number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("expected " + pattern + ", got " + text);
        }
        return Double.parseDouble(matcher.group(1));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
