package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperatorTableTest {
    @Test
    void listsEveryVersionThatIsReadDifferently() {
        assertThat(OnnxImporter.operators())
                .contains(
                        new SupportedOperator("", "Conv", 1),
                        new SupportedOperator("", "Softmax", 1),
                        new SupportedOperator("", "Softmax", 13),
                        new SupportedOperator("com.microsoft", "QLinearAdd", 1));
    }

    @Test
    void isSorted() {
        assertThat(
                        OnnxImporter.operators().stream()
                                .map(row -> row.domain() + " " + row.operator()))
                .isSorted();
    }
}
