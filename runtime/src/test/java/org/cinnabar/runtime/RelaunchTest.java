package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelaunchTest {
    private static final int MACHINE = FloatVector.SPECIES_PREFERRED.length();

    @TempDir Path folder;

    /** A launcher whose model is as wide as the machine. */
    public static final class Main extends Launcher {
        public static void main(String[] words) {
            new Main().launch(words);
        }

        @Override
        protected ModelCard card() {
            return ModelCard.parse("name = wide");
        }

        @Override
        protected Model load() {
            Signature signature =
                    new Signature(
                            "wide",
                            List.of(Port.of("x", "1x7", 0)),
                            List.of(Port.of("y", "1x7", 14)),
                            21,
                            true);
            return new Model(signature, Lanes.preferred(), new Affine.Steps(7), new float[1]) {};
        }
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome java(List<String> options, String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-cp");
        command.add(folder("classes") + File.pathSeparator + folder("test-classes"));
        command.add(Main.class.getName());
        command.addAll(List.of(words));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int code =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start()
                        .waitFor();
        return new Outcome(code, Files.readString(out), Files.readString(err));
    }

    private static Path folder(String name) throws IOException {
        return Path.of("target", name).toRealPath();
    }

    @Test
    void findsTheVectorApiByItself() throws Exception {
        Outcome outcome = java(List.of("-Xmx100m"), "--bench", "0.1");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("\"lanes\": " + MACHINE + ",");
    }

    /** Known work, and inputs, bound the heap; unknown work does not. */
    @Test
    void heapIsAsLargeAsModelAndInputsMayNeed() throws Exception {
        long most = Runtime.getRuntime().maxMemory();
        Path input = Files.write(folder.resolve("x.npy"), new byte[1000]);
        assertThat(Relaunch.heap(0, new String[0])).isEqualTo(most);
        assertThat(Relaunch.heap(1600, new String[0])).isEqualTo(within((1L << 30) + 100));
        assertThat(Relaunch.heap(1600, new String[] {"--bench", "x=" + input}))
                .isEqualTo(within((1L << 30) + 64_100));
        assertThat(Relaunch.heap(Long.MAX_VALUE, new String[] {"\0"})).isEqualTo(most);
    }

    private static long within(long bytes) {
        Runtime runtime = Runtime.getRuntime();
        return Math.clamp(bytes, runtime.totalMemory(), runtime.maxMemory());
    }

    @Test
    void staysScalarWhenTold() throws Exception {
        Outcome outcome = java(List.of("-Dcinnabar.vector=off"), "--bench", "0.1");
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("\"lanes\": 0,");
    }

    @Test
    void saysOnceThatTheVectorApiIsAbsent() throws Exception {
        // What a relaunched JVM without the module sees, as on a Java that lacks it.
        Outcome outcome =
                java(
                        List.of("-Dcinnabar.relaunched=true", "--limit-modules", "java.base"),
                        "--bench",
                        "0.1");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("no Vector API");
        assertThat(outcome.out()).contains("\"lanes\": 0,", "\"bytes_per_inference\": null");
    }

    @Test
    void passesOnWordsAndTheExitCode() throws Exception {
        assertThat(java(List.of(), "no such*file.npy"))
                .isEqualTo(new Outcome(1, "", "error: no such file: no such*file.npy\n"));
        assertThat(java(List.of(), "--top").code()).isEqualTo(2);
    }
}
