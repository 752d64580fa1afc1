package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.frontend.ImportOptions;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.runtime.Npy;
import org.cinnabar.testkit.Agreement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the trained model in the sources to its jar, which is used in every way there is. */
class EndToEndTest {
    private static final int BATCH = 3;
    private static final double EPSILON = 1e-5;
    private static final Pattern BYTES = Pattern.compile("\"bytes_per_inference\": ([^}]+)");

    @TempDir static Path folder;
    private static Path jar;
    private static Path images;
    private static float[] values;
    private static Tensor expected;

    @BeforeAll
    static void compile() throws IOException {
        jar = folder.resolve("fashion.jar");
        Terminal.Outcome outcome =
                Terminal.run(
                        "compile",
                        Fashion.MODEL,
                        "-o",
                        jar,
                        "--name",
                        "shop.Fashion",
                        "--mean=0.2860",
                        "--std=0.3530",
                        "--labels",
                        Fashion.LABELS);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        values = new float[BATCH * 28 * 28];
        Random random = new Random(3);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        images = folder.resolve("images.npy");
        new Npy(List.of(BATCH, 1, 28, 28), values).write(images);
        Graph graph = Compiler.read(Fashion.MODEL, ImportOptions.DEFAULTS).graph();
        Tensor batch = Tensor.f32(Shape.of(BATCH, 1, 28, 28), values);
        expected =
                Objects.requireNonNull(
                        Interpreter.run(graph, Map.of("image", batch)).get("logits"));
    }

    private static void assertExpected(float[] logits) {
        Agreement.check("logits", expected, Tensor.f32(expected.shape(), logits), EPSILON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dcinnabar.vector=off",
                "-Dcinnabar.vector=4",
                "-Dcinnabar.vector=on",
                "-Xshare:auto"
            })
    void jarComputesWhatTheInterpreterDoes(String option) throws Exception {
        Path logits = folder.resolve("logits.npy");
        Java.Outcome outcome = Java.run(option, "-jar", jar, images, "--out", logits);
        assertThat(outcome).isEqualTo(new Java.Outcome(0, "", ""));
        Npy result = Npy.read(logits);
        assertThat(result.shape()).containsExactly(BATCH, 10);
        assertExpected(result.values());
    }

    @Test
    void jarNamesTheGarmentOnAnImage() throws Exception {
        Java.Outcome outcome =
                Java.run("-jar", jar, Fashion.sample("trouser"), Fashion.sample("bag"), "--top=1");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out().lines().map(line -> line.replaceAll(" .* ", " ")).toList())
                .hasSize(4);
        assertThat(outcome.out()).containsSubsequence("trouser.png", "Trouser", "bag.png", "Bag");
    }

    /**
     * Nothing once the code is compiled, which takes as long as the machine is busy; less than a
     * byte, for the count includes the JVM's other threads.
     */
    @ParameterizedTest
    @ValueSource(strings = {"-Dcinnabar.vector=off", "-Xshare:auto"})
    void inferenceAllocatesNothing(String option) throws Exception {
        double bytes = Double.MAX_VALUE;
        for (int seconds = 2; seconds <= 54 && bytes >= 1; seconds *= 3) {
            Java.Outcome outcome = Java.run(option, "-jar", jar, "--bench", seconds);
            Matcher matcher = BYTES.matcher(outcome.out());
            assertThat(matcher.find()).as(outcome.out() + outcome.err()).isTrue();
            bytes = Double.parseDouble(matcher.group(1));
        }
        assertThat(bytes).isLessThan(1);
    }

    @Test
    void typedClassServesAsALibrary() throws Exception {
        URL url = jar.toUri().toURL();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {url}, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass("shop.Fashion");
            Object model = type.getMethod("load").invoke(null);
            Method run = type.getMethod("run", float[].class);
            assertThat(run.getParameters()).extracting("name").containsExactly("image");
            assertExpected((float[]) run.invoke(model, (Object) values));
            FloatBuffer logits = FloatBuffer.allocate(BATCH * 10);
            type.getMethod("run", FloatBuffer.class, FloatBuffer.class)
                    .invoke(model, FloatBuffer.wrap(values), logits);
            assertExpected(logits.array());
        }
    }

    @Test
    void jarServesAsAModule() throws Exception {
        Path logits = folder.resolve("module.npy");
        Java.Outcome outcome = Java.run("-p", jar, "-m", "shop", images, "--out=" + logits);
        assertThat(outcome.code()).isZero();
        // The module asks for the Vector API, which the JVM remarks upon.
        assertThat(outcome.err())
                .isEqualTo("WARNING: Using incubator modules: jdk.incubator.vector\n");
        assertExpected(Npy.read(logits).values());
    }

    @Test
    void provenanceTellsHowTheJarCameToBe() throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            URL file = loader.findResource("META-INF/cinnabar/shop/provenance.txt");
            String text = new String(file.openStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text)
                    .contains("options: --name shop.Fashion")
                    .contains("inputs: image 1x1x28x28")
                    .contains("batch: any")
                    .containsPattern("sha256: [0-9a-f]{64}")
                    .containsPattern("(?m)^  \\S+ \\(Conv \\+ .*by \\w+, \\d+ MACs$");
        }
    }

    @Test
    void generatedCodeCanBeRead() {
        Path sources = folder.resolve("sources");
        Terminal.run("compile", Fashion.MODEL, "--emit", "java", "-o", sources);
        assertThat(sources)
                .isDirectoryContaining("glob:**/Vector8.java")
                .isDirectoryContaining("glob:**/Scalar.java");
        assertThat(sources.resolve("Scalar.java")).content().contains("class Scalar extends");
    }

    @Test
    void equalModelsGiveEqualJars() throws IOException {
        Path again = folder.resolve("again.jar");
        Terminal.run(
                "compile",
                Fashion.MODEL,
                "-o",
                again,
                "--name=shop.Fashion",
                "--mean=0.2860",
                "--std=0.3530",
                "--labels=" + Fashion.LABELS);
        assertThat(Arrays.equals(Files.readAllBytes(jar), Files.readAllBytes(again))).isTrue();
    }
}
