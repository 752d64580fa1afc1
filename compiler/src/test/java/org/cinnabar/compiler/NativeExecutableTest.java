package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Preprocessing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds real executables, as fast as they can be built and not for speed. */
class NativeExecutableTest {
    private static final Path FASHION = Path.of("..", "examples", "fashion").toAbsolutePath();

    @TempDir Path folder;

    private static GraalVm graal() throws InterruptedException {
        try {
            return GraalVm.find(System.getenv());
        } catch (IOException e) {
            return abort(e.getMessage());
        }
    }

    private static Compiled fashion() {
        return Compiler.compile(
                FASHION.resolve("fashion.onnx"),
                Options.DEFAULTS.withPreprocessing(
                        Preprocessing.DEFAULT.withMean(List.of(0.286f)).withStd(List.of(0.353f))));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        int code =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start()
                        .waitFor();
        String said = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(code).as(said).isZero();
        return said;
    }

    @Test
    void givesWhatTheJarGives() throws Exception {
        GraalVm graal = graal();
        Compiled compiled = fashion();
        String jar = folder.resolve("fashion.jar").toString();
        compiled.write(Path.of(jar));
        String classify = folder.resolve("classify").toString();
        NativeExecutable.build(
                compiled,
                graal,
                List.of("-march=native", "-Ob"),
                Path.of(classify),
                Progress.SILENT);
        String boot = FASHION.resolve("samples/ankle-boot.png").toString();
        String vectors = "-Dcinnabar.vector=on";
        assertThat(run(classify, boot)).isEqualTo(run(java(), vectors, "-jar", jar, boot));
        run(classify, boot, boot, "--threads", "2", "--out", "seen.npy");
        run(java(), vectors, "-jar", jar, boot, boot, "--out", "expected.npy");
        assertThat(folder.resolve("seen.npy"))
                .hasSameBinaryContentAs(folder.resolve("expected.npy"));
        assertThat(run(classify, "--bench", "0.1")).contains("\"lanes\": " + Lanes.preferred());
        assertThat(run(classify, "--help")).startsWith("usage: classify INPUT...");
    }

    @Test
    void letsApplicationsThatEmbedAJarBeBuiltWithoutConfiguration() throws Exception {
        GraalVm graal = graal();
        fashion().write(folder.resolve("fashion.jar"));
        Path source = folder.resolve("App.java");
        Files.writeString(
                source,
                """
                import cinnabar.models.fashion.Fashion;

                public class App {
                    public static void main(String[] words) {
                        float[] logits = Fashion.load().run(new float[28 * 28]);
                        System.out.println(java.util.Arrays.toString(logits));
                    }
                }
                """);
        int compiled =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-cp",
                                folder.resolve("fashion.jar").toString(),
                                source.toString());
        assertThat(compiled).isZero();
        String path = "fashion.jar" + File.pathSeparator + ".";
        run(graal.tool().toString(), "-Ob", "-cp", path, "App", "-o", "app");
        assertThat(run(folder.resolve("app").toString()))
                .isEqualTo(
                        run(java(), "--add-modules", "jdk.incubator.vector", "-cp", path, "App")
                                        .lines()
                                        .filter(line -> !line.startsWith("WARNING"))
                                        .findFirst()
                                        .orElseThrow()
                                + "\n");
    }
}
