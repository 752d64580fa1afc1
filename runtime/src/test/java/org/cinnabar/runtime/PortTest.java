package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PortTest {
    @Test
    void countsItsValues() {
        assertThat(Port.of("x", "2x3x7", 5).length()).isEqualTo(42);
        assertThat(Port.of("x", "scalar", 5).length()).isEqualTo(1);
        assertThat(Port.of("x", "2x3", 5).stacked(4)).containsExactly(8, 3);
    }

    @Test
    void rejectsImpossiblePorts() {
        assertThatThrownBy(() -> Port.of("x", "1x0", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port 'x' has dimension 0 in 1x0");
        assertThatThrownBy(() -> Port.of("x", "65536x65536", 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Port.of("x", "1", -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void signaturesRejectPortsThatClashOrLeaveTheArena() {
        Port x = Port.of("x", "7", 3);
        assertThatThrownBy(() -> new Signature("m", List.of(x, x), List.of(x), 10, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("m has two inputs named 'x'");
        assertThatThrownBy(() -> new Signature("m", List.of(x), List.of(x), 9, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("m: input 'x' ends at 10, the arena at 9");
        assertThatThrownBy(() -> new Signature("m", List.of(x), List.of(), 10, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("m has no output");
    }
}
