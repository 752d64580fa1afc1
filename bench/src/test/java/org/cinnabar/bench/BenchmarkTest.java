package org.cinnabar.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchmarkTest {
    private final StringWriter errors = new StringWriter();

    private int run(String... words) {
        return Benchmark.commandLine().setErr(new PrintWriter(errors)).execute(words);
    }

    @Test
    void rejectsModelsThatAreNotThere() {
        assertThat(run("no-such-model")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("no-such-model: expected an ONNX file");
    }

    @Test
    void rejectsTimesAndCountsThatMeasureNothing() {
        assertThat(run("--seconds", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--threads", "1,0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--cold", "--runs", "-1")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString())
                .contains("--seconds takes a positive number; got 0.0")
                .contains("--threads takes at least 1; got 0")
                .contains("--runs takes at least 1; got -1");
    }

    @Test
    void rejectsSweepsOverNothing() {
        assertThat(run("--sweep", "--kernel", "4")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--sweep", "--map", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--sweep", "--within", "0.5")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(run("--map", "7")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString())
                .contains("--kernel takes odd numbers, --channels and --map positive ones")
                .contains("--within takes at least 1; got 0.5")
                .contains("--sweep");
    }

    @Test
    void rejectsUnknownFormats() {
        assertThat(run("--format", "xml")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("TABLE, CSV, JSON, MARKDOWN");
    }
}
