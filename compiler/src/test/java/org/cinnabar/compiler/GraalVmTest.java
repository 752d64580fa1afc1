package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "stands in for native-image with a shell script")
class GraalVmTest {
    @TempDir Path home;

    /** A tool that says {@code version} and otherwise does {@code work}. */
    private Path tool(String version, String work) throws IOException {
        Path tool = Files.createDirectories(home.resolve("bin")).resolve("native-image");
        Files.writeString(
                tool,
                "#!/bin/sh\n[ \"$1\" = --version ] && { echo '"
                        + version
                        + "'; exit; }\n"
                        + work
                        + "\n");
        return Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    }

    private GraalVm find() throws Exception {
        return GraalVm.find(Map.of(GraalVm.HOME, home.toString(), "PATH", "/nowhere"));
    }

    @Test
    void prefersTheOneThatTheEnvironmentNames() throws Exception {
        Path tool = tool("native-image 25.0.2 2026-01-20", "");
        assertThat(find()).isEqualTo(new GraalVm(tool, "native-image 25.0.2 2026-01-20"));
        assertThat(GraalVm.find(Map.of("PATH", "/nowhere:" + tool.getParent())).tool())
                .isEqualTo(tool);
    }

    @Test
    void saysWhatToInstall() throws Exception {
        String advice =
                "install GraalVM for JDK 25 or newer, as from https://www.graalvm.org/downloads, and"
                        + " let GRAALVM_HOME name its folder";
        assertThatThrownBy(() -> GraalVm.find(Map.of()))
                .hasMessage("no native-image found; " + advice);
        assertThatThrownBy(this::find)
                .hasMessage(
                        "GRAALVM_HOME is " + home + ", which has no bin/native-image; " + advice);
        Path tool = tool("native-image 21.0.2 2024-01-16", "");
        assertThatThrownBy(this::find)
                .hasMessage(tool + " is too old: native-image 21.0.2 2024-01-16; " + advice);
        tool("GNU bash", "");
        assertThatThrownBy(this::find).hasMessageContaining("is not native-image");
    }

    @Test
    void leavesNothingAndShowsTheCauseOfAFailure() throws Exception {
        tool(
                "native-image 25.0.2",
                "echo '[1/8] Initializing...'; touch made; echo 'Error: no room'; exit 3");
        Path folder = Files.createDirectory(home.resolve("out"));
        Compiled compiled =
                Compiler.compile(
                        Path.of("..", "examples", "fashion", "fashion.onnx"), Options.DEFAULTS);
        assertThatThrownBy(
                        () ->
                                NativeExecutable.build(
                                        compiled,
                                        find(),
                                        List.of("-march=native"),
                                        folder.resolve("classify"),
                                        Progress.SILENT))
                .isInstanceOf(NativeBuildException.class)
                .hasMessage("native-image failed with exit code 3")
                .extracting(e -> ((NativeBuildException) e).causeLines())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsExactly("Error: no room");
        assertThat(folder).isEmptyDirectory();
    }
}
