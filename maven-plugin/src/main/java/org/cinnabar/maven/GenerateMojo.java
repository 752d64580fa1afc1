package org.cinnabar.maven;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Component;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the project's ONNX models, each to a Java source with named inputs and outputs and the
 * classes and weights behind it. A model is compiled again when it, the options or the compiler
 * change.
 */
@Mojo(name = "generate", defaultPhase = LifecyclePhase.GENERATE_SOURCES, threadSafe = true)
// Maven sets the fields, and its older releases inject components in this way only.
@SuppressWarnings({"NullAway.Init", "deprecation"})
public final class GenerateMojo extends AbstractMojo {
    private static final int OLDEST = 25;

    @Parameter(defaultValue = "${project}", readonly = true, required = true)
    private MavenProject project;

    @Parameter(defaultValue = "${session}", readonly = true, required = true)
    private MavenSession session;

    @Parameter(defaultValue = "${plugin.artifacts}", readonly = true, required = true)
    private List<Artifact> artifacts;

    @Component private ToolchainManager toolchains;

    /** The folder of the models. */
    @Parameter(defaultValue = "${project.basedir}/src/main/onnx")
    private File models;

    /** The package of the classes. */
    @Parameter(defaultValue = "${project.groupId}")
    private String packageName;

    /** Options of {@code cinnabar generate} for all models, like {@code --mean} and {@code 0.5}. */
    @Parameter private List<String> options = new ArrayList<>();

    /** Where sources go. */
    @Parameter(defaultValue = "${project.build.directory}/generated-sources/cinnabar")
    private File sources;

    /** Where classes and weights go. */
    @Parameter(defaultValue = "${project.build.outputDirectory}")
    private File classes;

    @Parameter(defaultValue = "${project.build.directory}/cinnabar", readonly = true)
    private File stamps;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        project.addCompileSourceRoot(sources.getPath());
        try {
            for (Path model : models()) {
                Path stamp = stamps.toPath().resolve(model.getFileName() + ".stamp");
                String state = state(model);
                if (isThere() && Files.exists(stamp) && Files.readString(stamp).equals(state)) {
                    getLog().debug(model + " is up to date");
                    continue;
                }
                getLog().info("Compiling " + model);
                compile(model);
                Files.createDirectories(stamps.toPath());
                Files.writeString(stamp, state);
            }
        } catch (IOException e) {
            throw new MojoExecutionException(e.toString(), e);
        }
    }

    private List<Path> models() throws IOException {
        if (!models.isDirectory()) {
            getLog().info("There are no models: no folder " + models);
            return List.of();
        }
        try (Stream<Path> files = Files.list(models.toPath())) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
        }
    }

    /** Whether nobody has deleted what earlier builds wrote. */
    private boolean isThere() {
        return sources.isDirectory() && classes.isDirectory();
    }

    /** All that the result depends on. */
    private String state(Path model) throws IOException {
        StringJoiner state = new StringJoiner("\n");
        state.add(packageName).add(options.toString());
        state.add(sources.getPath()).add(classes.getPath());
        state.add(model + " " + Files.size(model) + " " + Files.getLastModifiedTime(model));
        for (Artifact artifact : artifacts) {
            File file = artifact.getFile();
            state.add(file + " " + file.lastModified());
        }
        return state.toString();
    }

    private void compile(Path model)
            throws IOException, MojoExecutionException, MojoFailureException {
        StringJoiner classPath = new StringJoiner(File.pathSeparator);
        artifacts.forEach(artifact -> classPath.add(artifact.getFile().getPath()));
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(List.of("-cp", classPath.toString(), "org.cinnabar.cli.Main", "generate"));
        command.addAll(List.of(model.toString(), "--package", packageName));
        command.addAll(List.of("--sources", sources.getPath(), "--classes", classes.getPath()));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new MojoFailureException(model + " cannot be compiled:\n" + said.strip());
            }
            said.lines().forEach(getLog()::info);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MojoExecutionException("interrupted while compiling " + model, e);
        } finally {
            process.destroy();
        }
    }

    /** The program of a Java that runs the compiler. */
    private String java() throws MojoExecutionException {
        Toolchain toolchain = toolchains.getToolchainFromBuildContext("jdk", session);
        String found = toolchain == null ? null : toolchain.findTool("java");
        if (found != null && isRecent(Path.of(found))) {
            return found;
        }
        if (Runtime.version().feature() >= OLDEST) {
            return Path.of(System.getProperty("java.home"), "bin", "java").toString();
        }
        throw new MojoExecutionException(
                "expected JDK "
                        + OLDEST
                        + " or newer, Maven runs on "
                        + Runtime.version().feature()
                        + "; run it on a newer one or select a toolchain");
    }

    private static boolean isRecent(Path java) throws MojoExecutionException {
        try {
            Path release = java.toRealPath().resolve("../../release").normalize();
            @Nullable String version =
                    Files.readAllLines(release).stream()
                            .filter(line -> line.startsWith("JAVA_VERSION=\""))
                            .findFirst()
                            .orElse(null);
            return version != null
                    && Integer.parseInt(version.replaceAll("[^\"]*\"(\\d+).*", "$1")) >= OLDEST;
        } catch (IOException e) {
            throw new MojoExecutionException("the toolchain is no JDK: " + e, e);
        }
    }
}
