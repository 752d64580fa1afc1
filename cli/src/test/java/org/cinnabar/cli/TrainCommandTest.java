package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
        return Cinnabar.execute(console, words);
    }

    /** Pictures that are bright on the left or on the right. */
    private Path halves(int examples) throws IOException {
        ByteBuffer images = ByteBuffer.allocate(16 + examples * 28 * 28);
        images.put(new byte[] {0, 0, 8, 3}).putInt(examples).putInt(28).putInt(28);
        ByteBuffer labels = ByteBuffer.allocate(8 + examples);
        labels.put(new byte[] {0, 0, 8, 1}).putInt(examples);
        for (int i = 0; i < examples; i++) {
            labels.put((byte) (i % 2));
            for (int pixel = 0; pixel < 28 * 28; pixel++) {
                boolean left = pixel % 28 < 14;
                images.put((byte) (left == (i % 2 == 0) ? 200 + (i + pixel) % 50 : pixel % 9));
            }
        }
        Files.write(folder.resolve("train-images-idx3-ubyte"), images.array());
        Files.write(folder.resolve("train-labels-idx1-ubyte"), labels.array());
        return folder;
    }

    @Test
    void trainsEvaluatesAndTunes() throws IOException {
        String data = halves(80).toString();
        Path trained = folder.resolve("trained");
        int code =
                run(
                        "train",
                        "lenet-300-100",
                        "--data",
                        data,
                        "--epochs",
                        "2",
                        "--batch",
                        "8",
                        "--out",
                        trained.toString());
        assertThat(err.toString()).contains("epoch 2/2");
        assertThat(code).isZero();
        assertThat(out.toString()).contains("100.00 % of 8 validation examples");
        assertThat(Files.readString(folder.resolve("trained.json"))).contains("\"epoch\": 2");
        assertThat(Files.readString(folder.resolve("trained.html"))).contains("<polyline");
        assertThat(folder.resolve("trained.checkpoint")).doesNotExist();
        String model = folder.resolve("trained.onnx").toString();
        assertThat(run("evaluate", model, "--data", data)).isZero();
        assertThat(out.toString()).contains("accuracy 100.00 % of 8 examples");
        Path tuned = folder.resolve("tuned");
        assertThat(
                        run(
                                "finetune",
                                model,
                                "--data",
                                data,
                                "--epochs",
                                "1",
                                "--batch",
                                "8",
                                "--rate",
                                "0.001",
                                "--out",
                                tuned.toString()))
                .isZero();
        assertThat(folder.resolve("tuned.onnx")).exists();
    }

    @Test
    void saysInOneLineWhatIsWrongWithData() throws IOException {
        Path data = halves(20);
        Path images = data.resolve("train-images-idx3-ubyte");
        byte[] bytes = Files.readAllBytes(images);
        Files.write(images, Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(run("train", "lenet-5", "--data", data.toString())).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("train-images-idx3-ubyte should hold 15680 bytes");
    }

    @Test
    void namesTheNetworksThereAre() throws IOException {
        assertThat(run("train", "lenet-6", "--data", halves(20).toString())).isEqualTo(1);
        assertThat(err.toString()).contains("lenet-5").contains("got 'lenet-6'");
    }
}
