package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ImportOptionsTest {
    @Test
    void readsExtentsAndSymbols() {
        ImportOptions options =
                ImportOptions.DEFAULTS.withShape("data=Nx3x480x640").withShape("a=b=7");
        assertThat(options.shapes().get("data")).hasToString("[N,3,480,640]");
        assertThat(options.shapes().get("a=b")).hasToString("[7]");
    }

    @Test
    void rejectsWhatIsNoShape() {
        assertThatThrownBy(() -> ImportOptions.DEFAULTS.withShape("1x3"))
                .hasMessage("expected a shape like input=1x3x224x224, got '1x3'");
        assertThatThrownBy(() -> ImportOptions.DEFAULTS.withShape("x=1x-3"))
                .hasMessage(
                        "expected a positive number or a name for every extent, got '-3' in 'x=1x-3'");
        assertThatThrownBy(() -> ImportOptions.DEFAULTS.withShape("x="))
                .hasMessageContaining("got '' in 'x='");
    }
}
