package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.cinnabar.runtime.Npy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How compiled jars behave beside other code. */
class JarTest {
    private static final Path FASHION = Path.of("..", "examples", "fashion", "fashion.onnx");
    private static final float[] IMAGE = new float[28 * 28];

    @TempDir Path folder;
    private Path jar = Path.of("");

    @BeforeEach
    void compile() throws Exception {
        jar = jar("some.One");
    }

    @AfterEach
    void unlock() {
        assertThat(folder.toFile().setWritable(true)).isTrue();
    }

    private Path jar(String name) throws Exception {
        Path file = folder.resolve(name + ".jar");
        Compiler.compile(FASHION, Options.DEFAULTS.withClassName(name)).write(file);
        return file;
    }

    private static float[] run(ClassLoader loader, String name) throws Exception {
        Class<?> type = loader.loadClass(name);
        Object model = type.getMethod("load").invoke(null);
        Method run = type.getMethod("run", float[].class);
        return (float[]) run.invoke(model, (Object) IMAGE);
    }

    private static URLClassLoader loader(Path... jars) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            urls.add(jar.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private String java(String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(words));
        Path log = Files.createTempFile("cinnabar", ".log");
        try {
            int code =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start()
                            .waitFor();
            assertThat(code).as(Files.readString(log)).isZero();
            return Files.readString(log);
        } finally {
            Files.delete(log);
        }
    }

    @Test
    void liesBesideOthersAndInSeveralLoaders() throws Exception {
        Path other = jar("other.Two");
        try (URLClassLoader both = loader(jar, other);
                URLClassLoader again = loader(jar)) {
            float[] logits = run(both, "some.One");
            assertThat(run(both, "other.Two")).isEqualTo(logits);
            assertThat(run(again, "some.One")).isEqualTo(logits);
            assertThat(again.loadClass("some.One")).isNotSameAs(both.loadClass("some.One"));
        }
        String path = jar + File.pathSeparator + other;
        assertThat(
                        java(
                                "--add-modules",
                                "jdk.incubator.vector",
                                "-cp",
                                path,
                                "other.Main",
                                "--version"))
                .contains("fashion");
        assertThat(java("-p", path, "-m", "other", "--bench", "0.1")).contains("\"median_ms\"");
    }

    @Test
    void runsFromAReadOnlyFolderWithoutNativeAccess() throws Exception {
        Path input = folder.resolve("x.npy");
        new Npy(List.of(1, 1, 28, 28), IMAGE).write(input);
        assertThat(folder.toFile().setWritable(false)).isTrue();
        // Whoever may write everywhere, like root, must not have done so.
        String[] before = folder.toFile().list();
        assertThat(java("--illegal-native-access=deny", "-jar", jar.toString(), input.toString()))
                .contains("output 'logits'")
                .doesNotContain("WARNING");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder(before);
    }

    @Test
    void canBeUnloaded() throws Exception {
        WeakReference<ClassLoader> loader = useAndDrop();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (loader.get() != null && System.nanoTime() < end) {
            System.gc();
            Thread.sleep(20);
        }
        assertThat(loader.get()).isNull();
    }

    private WeakReference<ClassLoader> useAndDrop() throws Exception {
        try (URLClassLoader loader = loader(jar)) {
            run(loader, "some.One");
            return new WeakReference<>(loader);
        }
    }
}
