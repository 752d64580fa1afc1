package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the command line that are killed, so that nothing of theirs can clean up. */
class KilledTrainingTest {
    private static final int EXAMPLES = 2000;
    private static final int MOST_RUNS = 40;

    @TempDir Path folder = Path.of("");

    private void digits() throws IOException {
        Random random = new Random(3);
        ByteBuffer images = ByteBuffer.allocate(16 + EXAMPLES * 28 * 28);
        images.put(new byte[] {0, 0, 8, 3}).putInt(EXAMPLES).putInt(28).putInt(28);
        ByteBuffer labels = ByteBuffer.allocate(8 + EXAMPLES);
        labels.put(new byte[] {0, 0, 8, 1}).putInt(EXAMPLES);
        for (int i = 0; i < EXAMPLES; i++) {
            int label = random.nextInt(10);
            labels.put((byte) label);
            for (int pixel = 0; pixel < 28 * 28; pixel++) {
                images.put((byte) (pixel % 10 == label ? 150 + random.nextInt(100) : 0));
            }
        }
        Files.write(folder.resolve("train-images-idx3-ubyte"), images.array());
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels.array());
    }

    private Process begin(String name, int threads) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector"));
        String path = System.getProperty("jdk.module.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", path, Main.class.getName(), "train", "lenet-300-100"));
        command.addAll(List.of("--data", folder.toString(), "--epochs", "4", "--batch", "20"));
        command.addAll(List.of("--optimizer", "adam", "--dropout", "fc2=0.2", "--shift", "2"));
        command.addAll(List.of("--checkpoint-seconds", "0", "--threads", "" + threads));
        command.addAll(List.of("--quiet", "--out", folder.resolve(name).toString()));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve(name + ".out").toFile())
                .redirectError(folder.resolve(name + ".err").toFile())
                .start();
    }

    @Test
    void goesOnToTheSameBits() throws Exception {
        digits();
        long began = System.nanoTime();
        assertThat(begin("whole", 1).waitFor()).isZero();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        Random random = new Random();
        int kills = 0;
        int resumed = 0;
        for (int run = 0; run < MOST_RUNS; run++) {
            boolean found = Files.exists(folder.resolve("parts.checkpoint"));
            Process process = begin("parts", 1 + run % 2);
            // The first runs die soon, later ones at any moment of what is left.
            long patience = millis / 4 + random.nextLong(Math.max(1, millis / 2)) + 100L * run;
            if (process.waitFor(patience, TimeUnit.MILLISECONDS)) {
                assertThat(process.exitValue())
                        .as(Files.readString(folder.resolve("parts.err")))
                        .isZero();
                resumed += found ? 1 : 0;
                break;
            }
            process.destroyForcibly().waitFor();
            kills++;
        }
        assertThat(kills).isPositive();
        assertThat(resumed).isEqualTo(1);
        assertThat(Files.readAllBytes(folder.resolve("parts.onnx")))
                .isEqualTo(Files.readAllBytes(folder.resolve("whole.onnx")));
    }
}
