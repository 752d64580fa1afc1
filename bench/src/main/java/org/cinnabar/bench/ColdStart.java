package org.cinnabar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Signature;

/**
 * Fresh processes: time from their start to the first result, inferences until the time settles,
 * and the most memory they held at once.
 *
 * <p>Ours is {@code java -jar model.jar --bench}, with the JVM that it relaunches itself in; and
 * {@code java -jar model.jar input.npy --out output.npy} from its start to its end, where nothing
 * but that one result is wanted, and small models are done before another JVM would start. The peer
 * is {@link ColdOnnxRuntime}, a JVM that does nothing else. Memory is the peak of a process and its
 * descendants, where files that they share count once; known on Linux only, and asked for now and
 * then, but not of processes that are timed from outside, which that would slow down. A JVM that
 * uses the jar as a library is measured, too: it settles without the flags that the jar's own
 * command line sets.
 */
final class ColdStart {
    private static final Pattern FIRST = Pattern.compile("\"first_result_ms\": ([0-9.]+)");
    private static final Pattern SETTLED = Pattern.compile("\"settled\": ([0-9]+)");
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final String BENCH_SECONDS = "4";
    private static final long POLL_MILLIS = 50;

    private ColdStart() {}

    /** What a child said, and the most memory it held in MB. */
    private record Child(double firstMillis, double settled, double megabytes) {}

    /** What is known of a compiled model: its signature and its class. */
    private record Built(Signature signature, String type) {}

    /** Waits for a child and returns a figure of it. */
    @FunctionalInterface
    private interface Watch {
        double over(Process child) throws InterruptedException;
    }

    /** What a child said, and the figure of its {@link Watch}. */
    private record Ended(String said, double figure) {}

    static Sheet sheet() {
        return new Sheet(
                "model",
                "threads",
                "runs",
                "ours_once_ms",
                "ours_first_ms",
                "ort_first_ms",
                "ours_settled",
                "library_settled",
                "ort_settled",
                "ours_rss_mb",
                "ort_rss_mb",
                "more_mb");
    }

    /** Adds the row of {@code file}: medians over {@code runs} processes of each kind, in turns. */
    static void measure(Path file, Options options, int runs, int threads, Sheet sheet)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("bench");
        Path jar = folder.resolve("model.jar");
        try {
            Built model = build(file, options, jar);
            List<Path> inputs = inputs(file, model.signature(), folder);
            // Gives the compiler's memory back, for children start sooner in memory just freed.
            System.gc();
            List<Double> once = new ArrayList<>();
            List<Child> ours = new ArrayList<>();
            List<Child> library = new ArrayList<>();
            List<Child> theirs = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                String count = Integer.toString(threads);
                once.add(timed(single(jar, model.signature(), inputs, folder, count)));
                ours.add(run("-jar", jar + "", "--bench", BENCH_SECONDS, "--threads", count));
                library.add(
                        run("-cp", classPath(jar), ColdModel.class.getName(), model.type(), count));
                theirs.add(
                        run(
                                ColdOnnxRuntime.command(
                                                file,
                                                model.signature(),
                                                threads,
                                                Settling.INFERENCES)
                                        .toArray(String[]::new)));
            }
            double ourMegabytes = median(ours.stream().map(Child::megabytes).toList());
            double theirMegabytes = median(theirs.stream().map(Child::megabytes).toList());
            sheet.add(
                    model.signature().name(),
                    threads,
                    runs,
                    median(once),
                    median(ours.stream().map(Child::firstMillis).toList()),
                    median(theirs.stream().map(Child::firstMillis).toList()),
                    median(ours.stream().map(Child::settled).toList()),
                    median(library.stream().map(Child::settled).toList()),
                    median(theirs.stream().map(Child::settled).toList()),
                    ourMegabytes,
                    theirMegabytes,
                    ourMegabytes - theirMegabytes);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path left : files.toList()) {
                    Files.delete(left);
                }
            }
            Files.delete(folder);
        }
    }

    private static Built build(Path file, Options options, Path jar) throws IOException {
        var compiled = Compiler.compile(file, options);
        compiled.write(jar);
        var model = compiled.artefact().model();
        return new Built(compiled.signature(), model.packageName() + "." + model.displayName());
    }

    /** A file for every input. */
    private static List<Path> inputs(Path file, Signature signature, Path folder)
            throws IOException {
        List<Path> files = new ArrayList<>();
        for (float[] values : TestImage.inputs(file, signature.inputs())) {
            Path input = folder.resolve(files.size() + ".npy");
            new Npy(signature.inputs().get(files.size()).shape(), values).write(input);
            files.add(input);
        }
        return files;
    }

    /** One run, whose result is written to a file. */
    private static String[] single(
            Path jar, Signature signature, List<Path> inputs, Path folder, String threads) {
        List<String> words = new ArrayList<>(List.of("-jar", jar.toString()));
        for (int i = 0; i < inputs.size(); i++) {
            words.add(signature.inputs().get(i).name() + "=" + inputs.get(i));
        }
        words.addAll(List.of("--out", folder.resolve("out.npy").toString(), "--threads", threads));
        return words.toArray(String[]::new);
    }

    private static String classPath(Path jar) {
        return String.join(
                System.getProperty("path.separator"),
                jar.toString(),
                System.getProperty("java.class.path"));
    }

    /** Milliseconds from its start to its end. */
    private static double timed(String... words) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Watch clock =
                child -> {
                    child.waitFor();
                    return (System.nanoTime() - begin) / 1e6;
                };
        return run(clock, words).figure();
    }

    private static Child run(String... words) throws IOException, InterruptedException {
        Ended ended = run(ColdStart::peakMegabytes, words);
        return new Child(
                number(FIRST, ended.said()), number(SETTLED, ended.said()), ended.figure());
    }

    private static Ended run(Watch watch, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (!words[0].equals("-jar")) {
            command.addAll(
                    List.of(
                            "--add-modules",
                            "jdk.incubator.vector",
                            "--enable-native-access=ALL-UNNAMED"));
        }
        command.addAll(List.of(words));
        Path log = Files.createTempFile("bench", ".log");
        Process child =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            double figure = watch.over(child);
            String said = Files.readString(log);
            if (child.exitValue() != 0) {
                throw new IllegalStateException(said.strip());
            }
            return new Ended(said, figure);
        } finally {
            child.destroy();
            Files.delete(log);
        }
    }

    /** Waits for {@code child}; NaN where the system does not say how much memory it used. */
    private static double peakMegabytes(Process child) throws InterruptedException {
        double most = Double.NaN;
        while (child.isAlive()) {
            double now = megabytes(child);
            most = now > 0 && !(now <= most) ? now : most;
            Thread.sleep(POLL_MILLIS);
        }
        return most;
    }

    /** All of the largest process, and of the others what they share with no file. */
    private static double megabytes(Process child) {
        double largest = 0;
        double own = 0;
        double ownOfLargest = 0;
        for (ProcessHandle process :
                Stream.concat(Stream.of(child.toHandle()), child.descendants()).toList()) {
            String status = status(process);
            double anonymous = number(ANONYMOUS, status);
            double peak = number(PEAK, status);
            if (Double.isNaN(peak + anonymous)) {
                continue;
            }
            own += anonymous;
            if (peak > largest) {
                largest = peak;
                ownOfLargest = anonymous;
            }
        }
        return (largest + own - ownOfLargest) / 1024;
    }

    private static String status(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/status"));
        } catch (IOException _) {
            return "";
        }
    }

    private static double number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : Double.NaN;
    }

    private static double median(List<Double> values) {
        return Statistics.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
