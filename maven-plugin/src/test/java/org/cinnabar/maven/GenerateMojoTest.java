package org.cinnabar.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.ToolchainManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateMojoTest {
    private static final FileTime LONG_AGO = FileTime.fromMillis(1_000_000_000_000L);

    @TempDir Path folder;

    private final MavenProject project = new MavenProject();
    private final GenerateMojo mojo = new GenerateMojo();
    private Path model = Path.of("");
    private Path source = Path.of("");

    @BeforeEach
    void configure() throws Exception {
        Path models = Files.createDirectory(folder.resolve("onnx"));
        model = models.resolve("fashion.onnx");
        source = folder.resolve("sources/com/example/Fashion.java");
        Files.copy(Path.of("..", "examples", "fashion", "fashion.onnx"), model);
        set("project", project);
        set("artifacts", compiler());
        set("toolchains", noToolchains());
        set("models", models.toFile());
        set("packageName", "com.example");
        set("sources", folder.resolve("sources").toFile());
        set("classes", folder.resolve("classes").toFile());
        set("stamps", folder.resolve("stamps").toFile());
    }

    private void set(String name, Object value) throws ReflectiveOperationException {
        Field field = GenerateMojo.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(mojo, value);
    }

    /** The compiler and what it needs, which Maven would resolve. */
    private static List<Artifact> compiler() {
        List<Artifact> artifacts = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Artifact artifact =
                    new DefaultArtifact(
                            "g", "a", "1", "runtime", "jar", "", new DefaultArtifactHandler());
            artifact.setFile(new File(element));
            artifacts.add(artifact);
        }
        return artifacts;
    }

    private static ToolchainManager noToolchains() {
        return (ToolchainManager)
                Proxy.newProxyInstance(
                        GenerateMojoTest.class.getClassLoader(),
                        new Class<?>[] {ToolchainManager.class},
                        (proxy, method, arguments) -> null);
    }

    /** Whether the mojo writes the source anew. */
    private boolean compiles() throws Exception {
        if (Files.exists(source)) {
            Files.setLastModifiedTime(source, LONG_AGO);
        }
        mojo.execute();
        return !Files.getLastModifiedTime(source).equals(LONG_AGO);
    }

    @Test
    void compilesWhenSomethingHasChanged() throws Exception {
        assertThat(compiles()).isTrue();
        assertThat(project.getCompileSourceRoots()).contains(folder.resolve("sources").toString());
        assertThat(source).content().contains("public float[] run(float[] image)");
        assertThat(folder.resolve("classes/com/example/fashion/FashionModel.class")).exists();
        assertThat(compiles()).isFalse();
        Files.setLastModifiedTime(model, LONG_AGO);
        assertThat(compiles()).isTrue();
        set("options", List.of("--mean=0.5"));
        assertThat(compiles()).isTrue();
        assertThat(compiles()).isFalse();
        Files.move(
                folder.resolve("classes"), folder.resolve("gone"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(compiles()).isTrue();
    }

    @Test
    void failsAtTheModelThatCannotBeCompiled() throws Exception {
        Files.write(model, new byte[] {1, 2, 3});
        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessageStartingWith(model + " cannot be compiled:\nerror: ")
                .hasMessageContaining("expected an ONNX model");
        assertThat(source).doesNotExist();
        assertThatThrownBy(mojo::execute).isInstanceOf(MojoFailureException.class);
    }

    @Test
    void needsNoModels() throws Exception {
        set("models", folder.resolve("none").toFile());
        mojo.execute();
        assertThat(folder.resolve("sources")).doesNotExist();
    }
}
