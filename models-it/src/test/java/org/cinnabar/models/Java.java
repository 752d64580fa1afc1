package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code java} command of the JDK that runs the tests. */
final class Java {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Java() {}

    /** What {@code java} with {@code words} said; fails unless it succeeds. */
    static String run(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        Path said = Files.createTempFile("java", ".txt");
        builder.redirectOutput(said.toFile());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s ends within %s", command, PATIENCE)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("exit code of %s, which said: %s", command, Files.readString(said))
                    .isZero();
            return Files.readString(said);
        } finally {
            process.destroyForcibly();
            Files.delete(said);
        }
    }
}
