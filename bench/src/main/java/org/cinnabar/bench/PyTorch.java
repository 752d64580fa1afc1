package org.cinnabar.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A model that PyTorch trains in a process of its own, {@code bench/training_peer.py}, on one batch
 * over and over.
 */
final class PyTorch implements Engine {
    /** Lets the C library keep the memory that it has: giving it back costs the peer much time. */
    private static final Map<String, String> KEEP_MEMORY =
            Map.of(
                    "MALLOC_TOP_PAD_", "1000000000",
                    "MALLOC_MMAP_THRESHOLD_", "4000000000",
                    "MALLOC_TRIM_THRESHOLD_", "4000000000");

    private final Path folder;
    private final Process process;
    private final BufferedReader answers;
    private final String version;
    private double rate;
    private float loss;

    /** What is trained and how, the same as on our side. */
    record Task(
            byte[] onnx,
            float[] examples,
            float[] labels,
            int threads,
            double rate,
            double momentum,
            double decay) {}

    /**
     * Starts the process.
     *
     * @param python the interpreter, which has the modules torch and onnx
     * @throws IllegalStateException if it cannot do the task
     */
    PyTorch(String python, Path script, Task task) throws IOException {
        this.rate = task.rate();
        folder = Files.createTempDirectory("training");
        Path model = Files.write(folder.resolve("model.onnx"), task.onnx());
        Path examples = Files.write(folder.resolve("examples"), bytes(task.examples()));
        Path labels = Files.write(folder.resolve("labels"), bytes(task.labels()));
        List<String> words =
                Stream.of(
                                python,
                                script,
                                model,
                                examples,
                                labels,
                                task.threads(),
                                task.rate(),
                                task.momentum(),
                                task.decay())
                        .map(Object::toString)
                        .toList();
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(KEEP_MEMORY);
        process = builder.start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        version = answer();
    }

    private static byte[] bytes(float[] numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(numbers.length * Float.BYTES);
        buffer.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(numbers);
        return buffer.array();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IllegalStateException(
                    "the peer ended, as said above; it needs torch and onnx");
        }
        return line;
    }

    /** PyTorch's version. */
    String version() {
        return version;
    }

    /** Takes steps of {@code other} from now on. */
    void setRate(double other) {
        rate = other;
    }

    @Override
    public void run() {
        run(1);
    }

    @Override
    public void run(int times) {
        String request = String.format(Locale.ROOT, "%d %s%n", times, rate);
        try {
            OutputStream requests = process.getOutputStream();
            requests.write(request.getBytes(StandardCharsets.UTF_8));
            requests.flush();
            loss = Float.parseFloat(answer().split(" ")[1]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public float[] output(int index) {
        return new float[] {loss};
    }

    @Override
    public void close() {
        process.destroy();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
