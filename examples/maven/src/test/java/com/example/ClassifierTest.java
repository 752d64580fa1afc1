package com.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ClassifierTest {
    private final Classifier classifier = new Classifier();

    private static int[] pixels(String sample) throws IOException {
        var image = ImageIO.read(Path.of("../fashion/samples", sample).toFile());
        return image.getRaster().getSamples(0, 0, 28, 28, 0, (int[]) null);
    }

    @Test
    void seesWhatIsThere() throws IOException {
        assertThat(classifier.classify(pixels("ankle-boot.png"))).isEqualTo("ankle boot");
        assertThat(classifier.classify(pixels("trouser.png"))).isEqualTo("trouser");
    }

    @Test
    void namesTheInputOfAnotherSize() {
        assertThatThrownBy(() -> classifier.classify(new int[27 * 28]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("fashion: input 'image' takes 1x28x28 = 784 values");
        assertThat(Fashion.IMAGE_LENGTH).isEqualTo(28 * 28);
    }
}
