package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Once warm, inference allocates nothing. */
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int RUNS = 20;
    private static final Duration WARM_UP = Duration.ofMinutes(1);

    private static final Pattern BYTES = Pattern.compile("\"bytes_per_inference\": ([0-9.]+)");

    /** More than measuring itself allocates, and less than a vector in every inference. */
    private static final double A_BOX = 64;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"resnet20-cifar10", "mobilenet-v2-1.0-224"})
    void inferenceAllocatesNothing(String name) throws Exception {
        ModelJar jar = ModelJar.compile(Shared.model(name), folder);
        LoadedModel.Runner runner = jar.load().runner();
        float[] input = new float[jar.signature().inputs().getFirst().length()];
        float[] output = new float[jar.signature().outputs().getFirst().length()];
        long deadline = System.nanoTime() + WARM_UP.toNanos();
        long warmUps = 0;
        while (allocated(runner, input, output) > 0 && System.nanoTime() < deadline) {
            warmUps += RUNS;
        }
        long bytes = allocated(runner, input, output);
        Figures.record(name, "allocation", bytes / RUNS + " bytes per inference after " + warmUps);
        assertThat(bytes).as("bytes that %s inferences allocate", RUNS).isZero();
    }

    /** Where the JIT compiles other code than here, and has boxed vectors for good. */
    @ParameterizedTest
    @ValueSource(
            strings = {"lenet5", "vgg_small_cifar", "squeezenet1_1", "mobilenet_v2", "largek_dw"})
    void allocatesNothingInItsOwnProcess(String name) throws Exception {
        ModelJar jar = ModelJar.compile(Shared.zoo(name).resolve(name + ".onnx"), folder);
        Matcher bytes = BYTES.matcher(jar.bench(1));
        assertThat(bytes.find()).isTrue();
        Figures.record(name, "allocation of java -jar", bytes.group(1) + " bytes per inference");
        assertThat(Double.parseDouble(bytes.group(1))).isLessThan(A_BOX);
    }

    /** Bytes that this thread allocates while it runs the model some times. */
    private static long allocated(LoadedModel.Runner runner, float[] input, float[] output) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int run = 0; run < RUNS; run++) {
            runner.run(input, output);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
