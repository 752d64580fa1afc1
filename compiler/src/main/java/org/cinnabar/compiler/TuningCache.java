package org.cinnabar.compiler;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.passes.lower.Machine;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Timings;
import org.cinnabar.runtime.AtomicFile;

/**
 * What was measured on this machine with this Java, kept in a file from one compilation to the
 * next. Compilations with equal files choose the same.
 */
public final class TuningCache {
    private static final String MACHINE = "machine.";
    private static final String TIME = "time.";

    private final Path file;

    /** The cache in {@code folder}; its file is named after the processor and Java. */
    public TuningCache(Path folder) {
        String name =
                "%s-%s.properties"
                        .formatted(processor(), System.getProperty("java.vm.version", ""));
        this.file = folder.resolve(name.replaceAll("[^A-Za-z0-9.]+", "-").toLowerCase(Locale.ROOT));
    }

    /** The cache in the user's cache folder. */
    public static TuningCache ofUser() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path folder =
                cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home", "."), ".cache")
                        : Path.of(cache);
        return new TuningCache(folder.resolve("cinnabar"));
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch", ""));
        } catch (IOException _) {
            return System.getProperty("os.arch", "");
        }
    }

    /** Where the measurements are. */
    public Path file() {
        return file;
    }

    /** {@code selection} with the machine and times that are known here. */
    Selection into(Selection selection) throws IOException {
        Map<String, Double> numbers = read();
        Map<String, Double> times = new TreeMap<>();
        numbers.forEach(
                (key, value) -> {
                    if (key.startsWith(TIME)) {
                        times.put(key.substring(TIME.length()), value);
                    }
                });
        Machine typical = Machine.DEFAULT;
        Machine machine =
                new Machine(
                        number(numbers, "multiplyAdds", typical.multiplyAdds()),
                        number(numbers, "instructions", typical.instructions()),
                        number(numbers, "cacheBytes", typical.cacheBytes()),
                        number(numbers, "memoryBytes", typical.memoryBytes()),
                        number(numbers, "decodings", typical.decodings()),
                        number(numbers, "callSeconds", typical.callSeconds()),
                        number(numbers, "nearCache", typical.nearCache()),
                        number(numbers, "lastCache", typical.lastCache()));
        return selection
                .withMachine(machine)
                .withTimings(new Timings(times).with(selection.timings()));
    }

    private static double number(Map<String, Double> numbers, String name, double otherwise) {
        return numbers.getOrDefault(MACHINE + name, otherwise);
    }

    /** Whether the machine's constants were measured. */
    public boolean knowsMachine() throws IOException {
        return read().keySet().stream().anyMatch(key -> key.startsWith(MACHINE));
    }

    /** Measures the machine's constants and keeps them; takes a few seconds. */
    public void calibrate() throws IOException {
        Machine machine = Calibration.measure();
        write(
                Map.of(
                        MACHINE + "multiplyAdds", machine.multiplyAdds(),
                        MACHINE + "instructions", machine.instructions(),
                        MACHINE + "cacheBytes", machine.cacheBytes(),
                        MACHINE + "memoryBytes", machine.memoryBytes(),
                        MACHINE + "decodings", machine.decodings(),
                        MACHINE + "callSeconds", machine.callSeconds(),
                        MACHINE + "nearCache", machine.nearCache(),
                        MACHINE + "lastCache", machine.lastCache()));
    }

    /**
     * Times the most promising lowerings of each layer of the model in {@code model}, where that is
     * not known yet, and keeps the times.
     *
     * @throws CompileException if the model cannot be compiled
     */
    public void tune(Path model, Options options, Progress progress) throws IOException {
        Graph imported = Compiler.read(model, options.imports()).graph();
        Graph graph = Compiler.simplify(Shapes.of(imported).graph(), new PassTrace());
        add(Tuner.tune(graph, into(options.selection()), progress));
    }

    private void add(Timings timings) throws IOException {
        Map<String, Double> numbers = new TreeMap<>();
        timings.seconds().forEach((key, value) -> numbers.put(TIME + key, value));
        write(numbers);
    }

    /** All that is known, by name: constants of the machine and times of layers in seconds. */
    public Map<String, Double> read() throws IOException {
        Map<String, Double> numbers = new TreeMap<>();
        if (!Files.exists(file)) {
            return numbers;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            for (String key : properties.stringPropertyNames()) {
                numbers.put(key, Double.parseDouble(properties.getProperty(key)));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged (" + e.getMessage() + "); delete it", e);
        }
        return numbers;
    }

    private void write(Map<String, Double> more) throws IOException {
        Map<String, Double> numbers = read();
        numbers.putAll(more);
        StringBuilder text = new StringBuilder();
        numbers.forEach(
                (key, value) ->
                        text.append(key.replaceAll("([ :=#!\\\\])", "\\\\$1"))
                                .append('=')
                                .append(value)
                                .append('\n'));
        Files.createDirectories(file.getParent());
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, out -> out.write(bytes));
    }
}
