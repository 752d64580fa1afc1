package org.cinnabar.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Port;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestImageTest {
    private static final Port IMAGE = Port.of("x", "1x3x37x41", 0);

    @Test
    void isNormalAndSmooth() {
        float[] values = TestImage.image(IMAGE, new Random(5));
        double mean = 0;
        double square = 0;
        double alike = 0;
        for (int i = 0; i < 37 * 41; i++) {
            mean += values[i];
            square += values[i] * values[i];
            alike += i % 41 == 40 ? 0 : values[i] * values[i + 1];
        }
        assertThat(mean / (37 * 41)).isCloseTo(0, within(1e-4));
        assertThat(square / (37 * 41)).isCloseTo(1, within(1e-3));
        assertThat(alike / (37 * 40)).isGreaterThan(0.5);
    }

    @Test
    void prefersTheModelsOwn(@TempDir Path folder) throws Exception {
        Port port = Port.of("x", "1x2", 0);
        Path model = folder.resolve("model.onnx");
        float[] made = TestImage.inputs(model, List.of(port)).getFirst();
        assertThat(made).hasSize(2);
        new Npy(List.of(1, 2), new float[] {5, 7}).write(folder.resolve("input.npy"));
        assertThat(TestImage.inputs(model, List.of(port)).getFirst()).containsExactly(5, 7);
        assertThat(TestImage.inputs(model, List.of(IMAGE)).getFirst()).hasSize(3 * 37 * 41);
    }
}
