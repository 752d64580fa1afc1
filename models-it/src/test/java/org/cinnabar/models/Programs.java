package org.cinnabar.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that tests start. */
final class Programs {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Programs() {}

    /** What {@code java} of this JDK with {@code words} said; fails unless it succeeds. */
    static String java(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(words);
        return run(command);
    }

    /** What {@code command} said; fails unless it succeeds. */
    static String run(List<String> command) throws IOException, InterruptedException {
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
