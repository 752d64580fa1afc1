package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NativeMachineTest {
    private static final String AVX10 = "CPU: total 2, avx512f, avx512er, avx512vl, avx10_1";

    @Test
    void buildsForThisMachine() {
        List<String> options = List.of("-O2", "-march=native");
        assertThat(NativeMachine.options(options, "CPU: total 2, avx2, avx512vl"))
                .isEqualTo(options);
    }

    @Test
    void buildsForTheNearestWhereFeaturesAreMisread() {
        assertThat(NativeMachine.options(List.of("-O2", "-march=native"), AVX10))
                .containsExactly("-O2", "-march=x86-64-v4");
    }

    @Test
    void leavesWhatTheUserSaid() {
        List<String> options = List.of("-march=x86-64-v3");
        assertThat(NativeMachine.options(options, AVX10)).isEqualTo(options);
    }
}
