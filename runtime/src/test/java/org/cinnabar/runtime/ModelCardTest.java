package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cinnabar.runtime.Preprocessing.Layout;
import org.cinnabar.runtime.Preprocessing.Order;
import org.junit.jupiter.api.Test;

class ModelCardTest {
    @Test
    void readsWhatItWrites() {
        ModelCard card =
                new ModelCard(
                        " été = \\ net\n",
                        "1.0",
                        "abc",
                        "--shape x=1x3x7x7",
                        1_234_567_890_123L,
                        new Preprocessing(
                                1 / 256f,
                                List.of(0.485f, 1e-9f, 3f),
                                List.of(2f),
                                Layout.NHWC,
                                Order.BGR),
                        List.of("", "# sharp", "two words", "a=b:c"));
        assertThat(ModelCard.parse(card.text())).isEqualTo(card);
    }

    @Test
    void assumesWhatIsNotSaid() {
        assertThat(ModelCard.parse("name = tiny\n"))
                .isEqualTo(new ModelCard("tiny", "", "", "", 0, Preprocessing.DEFAULT, List.of()));
    }

    @Test
    void rejectsNonsense() {
        assertThatThrownBy(() -> ModelCard.parse("image.mean = 1,x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'x' in '1,x'");
        assertThatThrownBy(() -> ModelCard.parse("image.std = 0"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("divides by zero");
        assertThatThrownBy(() -> ModelCard.load(ModelCardTest.class, "none.properties"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("none.properties is missing");
    }
}
