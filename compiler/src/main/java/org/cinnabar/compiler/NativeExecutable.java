package org.cinnabar.compiler;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.cinnabar.runtime.Weights;

/**
 * Makes an executable of a compiled model, with the command line of its jar: the same classes
 * through GraalVM's native-image, the weights among its initial memory or, if they are many, in a
 * file beside it.
 */
public final class NativeExecutable {
    private static final String UNLOCK = "-H:+UnlockExperimentalVMOptions";
    private static final Pattern STAGE = Pattern.compile("^\\[(\\d+)/(\\d+)] ([^.\\[(]*).*");

    /**
     * A position-independent executable holds tens of thousands of pointers, to be adjusted, page
     * by page, whenever it starts; other systems than Linux take no others. And nothing has to be
     * done when a signal ends the process, so no thread needs to wait for one.
     */
    private static final List<String> QUICK_TO_START =
            System.getProperty("os.name").equals("Linux")
                    ? List.of(UNLOCK, "-H:-InstallExitHandlers", "-H:NativeLinkerOption=-no-pie")
                    : List.of(UNLOCK, "-H:-InstallExitHandlers");

    private NativeExecutable() {}

    /**
     * Writes the executable, completely or not at all.
     *
     * @param options of native-image: {@code -march=x86-64-v3} names the machine to build for,
     *     {@code -march=native} this one, and the executable refuses to start on a lesser one
     * @throws NativeBuildException if native-image fails
     */
    public static void build(
            Compiled compiled,
            GraalVm graal,
            List<String> options,
            Path executable,
            Progress progress)
            throws IOException, InterruptedException {
        Path file = executable.toAbsolutePath();
        Path folder = Files.createTempDirectory(file.getParent(), ".cinnabar");
        Thread interrupted = new Thread(() -> abandon(folder));
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            Path jar = folder.resolve("model.jar");
            compiled.write(jar);
            Path made = folder.resolve("made");
            List<String> command = new ArrayList<>(List.of(graal.tool().toString()));
            command.addAll(NativeMachine.options(options));
            command.addAll(QUICK_TO_START);
            command.addAll(List.of("-jar", jar.toString(), "-o", made.toString()));
            run(command, folder, progress);
            int length = compiled.artefact().weights().stream().mapToInt(w -> w.length).sum();
            if (length > Weights.MOST_WITHIN) {
                Path beside = folder.resolve("weights");
                extract(jar, beside);
                move(beside, Path.of(file + Weights.BESIDE));
            }
            move(made, file);
        } finally {
            delete(folder);
            removeHook(interrupted);
        }
    }

    /** Cleans up when the JVM is told to end while an executable is built. */
    private static void abandon(Path folder) {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            delete(folder);
        } catch (IOException e) {
            System.err.println("left behind: " + folder + ", " + e.getMessage());
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // It runs already.
        }
    }

    private static void run(List<String> command, Path folder, Progress progress)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        List<String> log = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.add(line);
                Matcher stage = STAGE.matcher(line);
                if (stage.matches()) {
                    progress.begin(
                            "native-image: " + stage.group(3).strip(),
                            Integer.parseInt(stage.group(1)) - 1,
                            Integer.parseInt(stage.group(2)));
                }
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new NativeBuildException("native-image failed with exit code " + code, log);
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private static void extract(Path jar, Path weights) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            var entry =
                    zip.stream()
                            .filter(e -> e.getName().endsWith(".f32"))
                            .findFirst()
                            .orElseThrow();
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, weights);
            }
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
