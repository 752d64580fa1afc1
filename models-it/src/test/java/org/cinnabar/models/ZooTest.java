package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.cinnabar.runtime.Npy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The standard architectures compute what torch does in double precision, from their jars. */
class ZooTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lenet5",
                "vgg_small_cifar",
                "largek",
                "largek_dw",
                "alexnet",
                "vgg16",
                "squeezenet1_1",
                "resnet18",
                "resnet50",
                "mobilenet_v2",
                "mobilenet_v3_large",
                "shufflenet_v2_x1_0",
                "efficientnet_b0",
                "densenet121",
                "googlenet",
                "inception_v3",
                "convnext_tiny",
                "regnet_y_400mf",
                "mnasnet1_0"
            })
    void agreesWithAndWithoutVectors(String name) throws Exception {
        ModelJar jar = compile(name);
        check(jar, name, "-Dcinnabar.vector=on");
        check(jar, name, "-Dcinnabar.vector=off");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet5", "squeezenet1_1", "mobilenet_v2", "shufflenet_v2_x1_0"})
    void agreesOnNarrowerVectors(String name) throws Exception {
        ModelJar jar = compile(name);
        check(jar, name, "-Dcinnabar.vector=on", "-XX:MaxVectorSize=32");
        check(jar, name, "-Dcinnabar.vector=on", "-XX:MaxVectorSize=16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"convnext_tiny", "efficientnet_b0", "inception_v3", "shufflenet_v2_x1_0"})
    void numberOfThreadsChangesNothing(String name) throws Exception {
        float[] input = Npy.read(Shared.zoo(name).resolve("input.npy")).values();
        LoadedModel model = compile(name).load();
        float[] alone = model.run(input, 1);
        for (int threads = 1; threads <= 3; threads++) {
            assertThat(model.run(input, threads)).as("%s threads", threads).isEqualTo(alone);
        }
    }

    @Test
    void usesTheVectorsThereAre() throws Exception {
        ModelJar jar = compile("lenet5");
        assertThat(jar.bench(0.1)).containsPattern("\"lanes\": (4|8|16),");
        assertThat(jar.bench(0.1, "-XX:MaxVectorSize=16")).contains("\"lanes\": 4,");
        assertThat(jar.bench(0.1, "-Dcinnabar.vector=off")).contains("\"lanes\": 0,");
    }

    private ModelJar compile(String name) throws Exception {
        return ModelJar.compile(Shared.zoo(name).resolve(name + ".onnx"), folder);
    }

    private static void check(ModelJar jar, String name, String... options) throws Exception {
        Path zoo = Shared.zoo(name);
        float[] expected = Npy.read(zoo.resolve("output64.npy")).values();
        float[] actual = jar.start(zoo.resolve("input.npy"), options);
        MaxNorm.check(name, String.join(" ", options), expected, actual);
    }
}
