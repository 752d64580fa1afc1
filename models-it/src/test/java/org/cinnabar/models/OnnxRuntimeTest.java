package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.cinnabar.runtime.Images;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Preprocessing;
import org.cinnabar.runtime.Preprocessing.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every output of trained models is ONNX Runtime's on photographs. */
class OnnxRuntimeTest {
    private static final List<String> PHOTOGRAPHS = List.of("china", "flower");

    @TempDir Path folder;

    /** A pixel from 0 to 255 becomes {@code pixel * SCALE - MEAN}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            useHeadersInDisplayName = true,
            delimiter = '|',
            textBlock =
                    """
                    MODEL                        | SCALE       | MEAN      | ORDER
                    mobilenet-v1-0.25-128        | 0.007843138 | 1         | RGB
                    mobilenet-v2-1.0-224         | 0.007843138 | 1         | RGB
                    ultraface-rfb-320_simplified | 0.0078125   | 0.9921875 | RGB
                    yolox_nano                   | 1           | 0         | BGR
                    """)
    void agreesAtTheDeclaredSize(String model, float scale, float mean, Order order)
            throws Throwable {
        Preprocessing preprocessing =
                Preprocessing.DEFAULT.withScale(scale).withMean(List.of(mean)).withOrder(order);
        checkPhotographs(model, preprocessing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x3x4x4", "1x3x97x131", "1x3x224x224", "1x3x427x640"})
    void agreesAtAnySize(String shape) throws Throwable {
        checkPhotographs("espcn_subpixel_float", Preprocessing.DEFAULT, "input=" + shape);
    }

    /**
     * An 8-bit model rounds after every layer, and where a value lies between two steps the last
     * bit of a float decides; later layers spread the difference. The leading classes withstand it.
     */
    @Test
    void int8ModelLeadsWithTheSameClasses() throws Throwable {
        Path model = Shared.model("mobilenet_v2_quant");
        Preprocessing preprocessing =
                Preprocessing.DEFAULT
                        .withMean(List.of(0.485f, 0.456f, 0.406f))
                        .withStd(List.of(0.229f, 0.224f, 0.225f));
        ModelJar jar = ModelJar.compile(model, folder);
        LoadedModel loaded = jar.load();
        List<Integer> shape = jar.signature().inputs().getFirst().shape();
        for (String photograph : PHOTOGRAPHS) {
            float[] input = Images.read(Shared.photograph(photograph), shape, preprocessing);
            List<Integer> expected = leading(OnnxRuntime.run(model, shape, input).getFirst());
            List<Integer> actual = leading(loaded.run(input));
            Figures.record("mobilenet_v2_quant", photograph, actual + " for " + expected);
            assertThat(actual).contains(expected.getFirst());
            assertThat(expected).contains(actual.getFirst());
        }
    }

    /** The classes of the five largest scores, the largest first. */
    private static List<Integer> leading(float[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(5)
                .toList();
    }

    private void checkPhotographs(String name, Preprocessing preprocessing, String... shapes)
            throws Throwable {
        Path model = Shared.model(name);
        ModelJar jar = ModelJar.compile(model, folder, shapes);
        LoadedModel loaded = jar.load();
        Port port = jar.signature().inputs().getFirst();
        for (String photograph : PHOTOGRAPHS) {
            Path file = Shared.photograph(photograph);
            float[] input = Images.read(file, port.shape(), preprocessing);
            List<float[]> expected = OnnxRuntime.run(model, port.shape(), input);
            List<float[]> actual = loaded.runAll(input);
            for (int i = 0; i < expected.size(); i++) {
                String output = jar.signature().outputs().get(i).name();
                String condition = photograph + " " + port.shapeText() + ", " + output;
                MaxNorm.check(name, condition, expected.get(i), actual.get(i));
            }
        }
    }
}
