package org.cinnabar.models;

import java.nio.file.Path;
import java.util.List;
import org.cinnabar.runtime.Images;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Preprocessing;
import org.cinnabar.runtime.Preprocessing.Order;
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
