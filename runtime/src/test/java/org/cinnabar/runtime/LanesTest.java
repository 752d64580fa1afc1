package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {
    @AfterEach
    void forget() {
        System.clearProperty(Lanes.PROPERTY);
    }

    @Test
    void followsTheMachine() {
        int lanes = FloatVector.SPECIES_PREFERRED.length();
        assertThat(Lanes.preferred()).isEqualTo(lanes < 4 || lanes > 16 ? 0 : lanes);
    }

    @Test
    void followsTheProperty() {
        for (int lanes : new int[] {4, 8, 16}) {
            System.setProperty(Lanes.PROPERTY, Integer.toString(lanes));
            assertThat(Lanes.preferred()).isEqualTo(lanes);
        }
        System.setProperty(Lanes.PROPERTY, "off");
        assertThat(Lanes.preferred()).isZero();
    }

    @Test
    void rejectsOtherWidths() {
        System.setProperty(Lanes.PROPERTY, "5");
        assertThatThrownBy(Lanes::preferred)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("off, 4, 8 or 16; got 5");
    }
}
