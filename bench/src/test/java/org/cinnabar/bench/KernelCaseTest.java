package org.cinnabar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelCaseTest {
    @ParameterizedTest
    @EnumSource
    void isOneLayerOfThreeGraphNodesAtMost(KernelCase kernel) {
        assertThat(kernel.graph().outputs()).hasSize(1);
        assertThat(kernel.graph().nodes()).hasSizeBetween(2, 4);
    }

    @ParameterizedTest
    @EnumSource(names = {"CONV_3X3_37_13", "DEPTHWISE_37_13"})
    void computesTheSameInVectors(KernelCase kernel) {
        CompiledKernel scalar = new CompiledKernel(kernel.graph(), 1);
        CompiledKernel vector = new CompiledKernel(kernel.graph(), 4);
        scalar.run();
        vector.run();
        assertThat(Statistics.relativeError(vector.output(), scalar.output())).isLessThan(1e-5);
    }
}
