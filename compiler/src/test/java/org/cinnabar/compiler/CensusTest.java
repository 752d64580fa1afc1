package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import org.cinnabar.ir.text.GraphParser;
import org.junit.jupiter.api.Test;

class CensusTest {
    private static Census census(String body, String weights) {
        return Census.of(
                GraphParser.parse(
                        "graph @g(%x: f32[N,6,8,W]) -> (%y) {\n" + body + "}\n" + weights));
    }

    @Test
    void countsAGroupedConvolution() {
        Census census =
                census(
                        "%y = conv(%x, @w) window=3x3/2+1 groups=2\n",
                        "@w = matrix(f32[4,27] normal(seed=1))\n");
        assertThat(census.parameters()).isEqualTo(4 * 27);
        assertThat(census.macs().bind(java.util.Map.of("N", 1L, "W", 5L)).value())
                .isEqualTo(4 * 27 * 4 * 3);
    }

    @Test
    void countsWhatAStructureNeeds() {
        Census census =
                census(
                        "%t = reshape(%x) shape=[N,8*W,6]\n%y = linear(%t, @w)\n",
                        "@w = product(matrix(f32[9,2] normal(seed=1)),"
                                + " matrix(f32[2,6] normal(seed=2)), diagonal(f32[6]"
                                + " normal(seed=3)))\n");
        assertThat(census.parameters()).isEqualTo(18 + 12 + 6);
        assertThat(census.macs().toString()).isEqualTo("288*N*W");
    }

    @Test
    void countsASharedWeightOnceAndScalarsNever() {
        Census census =
                census(
                        """
                        %a = conv(%x, @w) window=1x1 groups=1
                        %b = conv(%a, @w) window=1x1 groups=1
                        %c = const f32[6,1,1] normal(seed=1)
                        %d = add(%b, %c)
                        %e = const f32[] normal(seed=1)
                        %y = mul(%d, %e)
                        """,
                        "@w = matrix(f32[6,6] normal(seed=1))\n");
        assertThat(census.parameters()).isEqualTo(36 + 6);
        assertThat(census.entries())
                .extracting(Census.Entry::parameters)
                .containsExactly(36L, 0L, 6L, 0L);
        assertThat(census.macs().toString()).isEqualTo("576*N*W");
    }
}
