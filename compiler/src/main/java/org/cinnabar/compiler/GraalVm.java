package org.cinnabar.compiler;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An installed GraalVM.
 *
 * @param tool its program {@code native-image}
 * @param version what that calls itself
 */
public record GraalVm(Path tool, String version) {
    /** The environment variable that names one; otherwise the first on {@code PATH} is taken. */
    public static final String HOME = "GRAALVM_HOME";

    private static final int OLDEST = 25;
    private static final String ADVICE =
            "install GraalVM for JDK %d or newer, as from https://www.graalvm.org/downloads, and let %s name its folder"
                    .formatted(OLDEST, HOME);
    private static final Pattern RELEASE = Pattern.compile("native-image (\\d+)");

    /**
     * The GraalVM that {@code environment} names.
     *
     * @throws IOException if there is none, or only one that is too old; the message says what to
     *     install
     */
    public static GraalVm find(Map<String, String> environment)
            throws IOException, InterruptedException {
        Path tool = tool(environment);
        if (tool == null) {
            throw new IOException("no native-image found; " + ADVICE);
        }
        String said = say(tool);
        Matcher release = RELEASE.matcher(said);
        if (!release.find()) {
            throw new IOException(tool + " is not native-image, it says '" + said + "'; " + ADVICE);
        }
        if (Integer.parseInt(release.group(1)) < OLDEST) {
            throw new IOException(tool + " is too old: " + said + "; " + ADVICE);
        }
        return new GraalVm(tool, said);
    }

    private static @Nullable Path tool(Map<String, String> environment) throws IOException {
        String home = environment.get(HOME);
        if (home != null && !home.isEmpty()) {
            Path tool = in(Path.of(home, "bin"));
            if (tool == null) {
                throw new IOException(
                        HOME + " is " + home + ", which has no bin/native-image; " + ADVICE);
            }
            return tool;
        }
        for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
            Path tool = folder.isEmpty() ? null : in(Path.of(folder));
            if (tool != null) {
                return tool;
            }
        }
        return null;
    }

    private static @Nullable Path in(Path folder) {
        for (String name : List.of("native-image", "native-image.cmd")) {
            Path tool = folder.resolve(name);
            if (Files.isExecutable(tool)) {
                return tool;
            }
        }
        return null;
    }

    private static String say(Path tool) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(tool.toString(), "--version").redirectErrorStream(true).start();
        try {
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said.lines().findFirst().orElse("");
        } finally {
            process.destroy();
        }
    }
}
