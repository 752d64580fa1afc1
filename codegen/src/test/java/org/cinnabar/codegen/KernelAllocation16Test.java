package org.cinnabar.codegen;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of 16 floats. */
final class KernelAllocation16Test extends KernelAllocation {
    KernelAllocation16Test() {
        super(16);
    }

    @Override
    @ParameterizedTest
    @ValueSource(
            strings = {
                "direct",
                "winograd2",
                "winograd4",
                "winograd6",
                "winograd4-online",
                "fft16"
            })
    void allocatesNothingOnceCompiled(String lowering) {
        super.allocatesNothingOnceCompiled(lowering);
    }
}
