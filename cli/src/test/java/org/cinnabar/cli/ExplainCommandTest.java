package org.cinnabar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.cinnabar.cli.Terminal.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    @TempDir Path folder;

    private Path jar(String name, String table) throws Exception {
        Path jar = folder.resolve("model.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            zip.putNextEntry(new JarEntry(name));
            zip.write(table.getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    @Test
    void comparesEveryCandidateWithDirect() throws Exception {
        Path jar =
                jar(
                        "META-INF/cinnabar/a.b/choices.tsv",
                        """
                        headings
                        0\tconv\tConv\tfast\tdirect\t300.0\tNaN\t1.0e-06\t
                        0\tconv\tConv\tfast\tfast\t100.0\t150.0\t2.0e-06\tin bands of 2 rows
                        0\tconv\tConv\tfast\trough\t50.0\tNaN\t1.0e-01\terror may exceed 1.0e-04
                        1\tpool\tMaxPool\treduce\treduce\tInfinity\tNaN\t1.0e-06\t
                        """);
        Outcome explain = Terminal.run("explain", jar.toString());
        assertThat(explain.code()).isZero();
        assertThat(explain.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "layer operator lowering predicted_us measured_us vs direct error remark",
                        "conv Conv direct 300 - 1.00 1.0e-06",
                        "* fast 100 150 2.00 2.0e-06 in bands of 2 rows",
                        "rough 50 - 6.00 1.0e-01 error may exceed 1.0e-04");
        assertThat(Terminal.run("explain", "--all", jar.toString()).out()).contains("pool");
    }

    @Test
    void rejectsOtherFiles() throws Exception {
        Outcome missing = Terminal.run("explain", folder.resolve("none.jar").toString());
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("no such file");
        Outcome other = Terminal.run("explain", jar("some/entry", "").toString());
        assertThat(other.err()).contains("is no model compiled by Cinnabar");
        Outcome damaged =
                Terminal.run(
                        "explain", jar("META-INF/cinnabar/a/choices.tsv", "x\n0\ty\n").toString());
        assertThat(damaged.err()).contains("damaged");
    }
}
