package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cinnabar.compiler.GraalVm;
import org.cinnabar.compiler.NativeExecutable;
import org.cinnabar.compiler.Progress;
import org.cinnabar.models.LabelledImages.Normalisation;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Port;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Executables give what their jars give, bit for bit. */
class NativeTest {
    private static final float[] CIFAR_MEAN = {0.4914f, 0.4822f, 0.4465f};
    private static final float[] CIFAR_STD = {0.2470f, 0.2435f, 0.2616f};

    @TempDir Path folder;

    private GraalVm graal = new GraalVm(Path.of(""), "");

    @BeforeEach
    void find() throws InterruptedException {
        try {
            graal = GraalVm.find(System.getenv());
        } catch (IOException e) {
            abort(e.getMessage());
        }
    }

    private Path executable(ModelJar jar) throws IOException, InterruptedException {
        Path file = folder.resolve("executable");
        NativeExecutable.build(
                jar.compiled(), graal, List.of("-O2", "-march=native"), file, Progress.SILENT);
        return file;
    }

    /** The files that {@code program} writes for {@code input}, one for each output. */
    private List<byte[]> outputs(List<String> program, Path input, List<Port> ports)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.add(input.toString());
        List<Path> files = new ArrayList<>();
        for (Port port : ports) {
            Path file = folder.resolve("output" + files.size() + ".npy");
            Files.deleteIfExists(file);
            files.add(file);
            command.addAll(List.of("--out", port.name() + "=" + file));
        }
        Programs.run(command);
        List<byte[]> outputs = new ArrayList<>();
        for (Path file : files) {
            outputs.add(Files.readAllBytes(file));
        }
        return outputs;
    }

    private void checkSame(ModelJar jar, Path input) throws IOException, InterruptedException {
        List<Port> ports = jar.signature().outputs();
        List<String> java =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dcinnabar.vector=on",
                        "-jar",
                        jar.path().toString());
        List<byte[]> expected = outputs(java, input, ports);
        List<byte[]> actual = outputs(List.of(executable(jar).toString()), input, ports);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i)).as(ports.get(i).name()).isEqualTo(expected.get(i));
        }
    }

    private double accuracy(String name, LabelledImages images, Normalisation normalisation)
            throws IOException, InterruptedException {
        ModelJar jar = ModelJar.compile(Shared.model(name), folder);
        Path batch = folder.resolve("batch.npy");
        new Npy(images.batchShape(), images.batch(normalisation)).write(batch);
        checkSame(jar, batch);
        double accuracy = images.accuracy(Npy.read(folder.resolve("output0.npy")).values());
        Figures.record(name, images.count() + " images, executable", accuracy + " % right");
        return accuracy;
    }

    @Test
    void lenetReadsDigits() throws Exception {
        assertThat(
                        accuracy(
                                "lenet-caffe-mnist",
                                LabelledImages.mnist(),
                                (_, pixel) -> pixel / 256f))
                .isGreaterThanOrEqualTo(99.1);
    }

    @Test
    void resnet20RecognisesObjects() throws Exception {
        Normalisation byChannel = (c, pixel) -> (pixel / 255f - CIFAR_MEAN[c]) / CIFAR_STD[c];
        assertThat(accuracy("resnet20-cifar10", LabelledImages.cifar10(folder), byChannel))
                .isGreaterThanOrEqualTo(91.3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet-v2-1.0-224", "ultraface-rfb-320_simplified"})
    void photographGivesTheSame(String name) throws Exception {
        ModelJar jar = ModelJar.compile(Shared.model(name), folder);
        checkSame(jar, Shared.photograph("china"));
    }

    @Test
    void functionsGiveTheSame() throws Exception {
        Path model = folder.resolve("functions.onnx");
        Files.write(model, FunctionsModel.bytes());
        Path input = folder.resolve("numbers.npy");
        new Npy(FunctionsModel.SHAPE, FunctionsModel.numbers()).write(input);
        checkSame(ModelJar.compile(model, folder), input);
    }
}
