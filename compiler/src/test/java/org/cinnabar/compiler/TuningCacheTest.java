package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cinnabar.passes.lower.Machine;
import org.cinnabar.passes.lower.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TuningCacheTest {
    @TempDir Path folder;

    @Test
    void knowsNothingAtFirst() throws IOException {
        TuningCache cache = new TuningCache(folder.resolve("deep/er"));
        assertThat(cache.read()).isEmpty();
        assertThat(cache.into(Selection.DEFAULT)).isEqualTo(Selection.DEFAULT);
    }

    @Test
    void keepsTheMachineFromOneCompilationToTheNext() throws IOException {
        new TuningCache(folder).calibrate();
        Machine machine = new TuningCache(folder).into(Selection.DEFAULT).machine();
        assertThat(machine.multiplyAdds()).isGreaterThan(1e8);
        assertThat(machine.memoryBytes()).isGreaterThan(1e8);
        assertThat(machine.lastCache()).isEqualTo(Machine.DEFAULT.lastCache());
    }

    @Test
    void namesADamagedFile() throws IOException {
        TuningCache cache = new TuningCache(folder);
        Files.writeString(cache.file(), "machine.multiplyAdds=many\n");
        assertThatThrownBy(cache::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(cache.file().toString())
                .hasMessageContaining("delete it");
    }
}
