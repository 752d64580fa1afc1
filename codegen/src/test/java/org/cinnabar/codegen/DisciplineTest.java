package org.cinnabar.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.junit.jupiter.api.Test;

class DisciplineTest {
    /** All that a kernel may not do; kernels that tests compile are checked by CompiledGraph. */
    static final class Undisciplined {
        static float[] map(float[] values, int[] places) {
            var species = FloatVector.SPECIES_128;
            FloatVector[] vectors = {FloatVector.fromArray(species, values, 0, places, 0)};
            var mask = species.indexInRange(0, values.length);
            vectors[0] = vectors[0].lanewise(VectorOperators.EXP).max(0);
            vectors[0].intoArray(values, 0, mask);
            Runnable later = () -> values[0] = 0;
            later.run();
            values[1] = values[0] < 1 ? 1 : 0;
            return values;
        }
    }

    @Test
    void seesWhatIsSlowSomewhere() throws IOException {
        try (InputStream in =
                DisciplineTest.class.getResourceAsStream("DisciplineTest$Undisciplined.class")) {
            assertThat(Discipline.violations(in.readAllBytes()))
                    .anyMatch(use -> use.contains("fromArray(") && use.contains("[FI[II)"))
                    .anyMatch(use -> use.contains("VectorOperators.EXP"))
                    .anyMatch(use -> use.contains("lanewise("))
                    .anyMatch(use -> use.contains("indexInRange"))
                    .anyMatch(use -> use.contains("intoArray([FILjdk"))
                    .anyMatch(use -> use.contains("max(F)"))
                    .anyMatch(use -> use.contains("map uses jdk/incubator/vector/FloatVector"))
                    .anyMatch(use -> use.contains("float comparison"))
                    .anyMatch(use -> use.contains("invokedynamic run"));
        }
    }
}
