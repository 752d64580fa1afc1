package org.cinnabar.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts the same program again in a JVM that has the Vector API: {@code java -jar} can neither
 * name a module to add nor load this one later.
 */
final class Relaunch {
    private static final String MARK = "cinnabar.relaunched";

    /**
     * Scalar code computes this many multiply-adds in the time in which another JVM starts and
     * compiles vector code.
     */
    private static final long QUICK = 2_000_000_000L;

    /** The heap may always grow to so many bytes if this JVM's may. */
    private static final long LEAST_HEAP = 1L << 30;

    /** The classes of a model that every inference calls. */
    private static final List<String> CALLED =
            List.of("Vector*", "Program", "Session", "Slot", "Team*");

    private static final byte[] WARNING =
            "WARNING: Using incubator modules: jdk.incubator.vector"
                    .getBytes(StandardCharsets.US_ASCII);

    private Relaunch() {}

    /** Whether another JVM would have the Vector API and this one has not. */
    static boolean needed() {
        return !Executable.NATIVE
                && !Lanes.off()
                && !Lanes.present()
                && !relaunched()
                && System.getProperty("java.home") != null
                && Lanes.installed();
    }

    /**
     * Whether another JVM would compute {@code units} runs of {@code macs} multiply-adds sooner
     * than this one; unknown work is much work. Nothing is quick where the user said how wide
     * vectors are to be.
     */
    static boolean pays(long macs, long units) {
        return needed() && (Lanes.said() || macs == 0 || macs > QUICK / units);
    }

    /** Whether this JVM was started by {@link #run}. */
    static boolean relaunched() {
        return System.getProperty(MARK) != null;
    }

    /**
     * Runs {@code main}, whose model takes {@code macs} multiply-adds, again with {@code arguments}
     * and returns its exit code.
     */
    static int run(Class<?> main, long macs, String[] arguments) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command(main, macs, arguments))
                        .redirectInput(ProcessBuilder.Redirect.INHERIT)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT);
        // What the JIT took for a large kernel goes back to the system; glibc would keep it.
        builder.environment().putIfAbsent("MALLOC_TRIM_THRESHOLD_", "131072");
        // But not page by page, as taking it again takes time.
        builder.environment().putIfAbsent("MALLOC_TOP_PAD_", "8388608");
        // And what one compiler thread has freed, the other one takes.
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1");
        Process child = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(child::destroy));
        copyWithoutWarning(child.getErrorStream(), System.err);
        while (true) {
            try {
                return child.waitFor();
            } catch (InterruptedException _) {
                child.destroy();
            }
        }
    }

    /**
     * Options for a JVM that runs the model whose program is {@code main}: the Vector API, and the
     * JIT compiles what inferences call after a few calls and waits for it, as interpreted vector
     * code is a thousand times slower than the compilation takes. Its quick compiler, whose vector
     * code is no better, is left out; where the thorough one would have a single thread, it gets
     * two. The garbage collector's regions are small, so that even small models' arrays have
     * regions of their own, as {@link AlignedArrays} expects.
     */
    static List<String> options(Class<?> main) {
        List<String> options = new ArrayList<>();
        options.add("--add-modules=jdk.incubator.vector");
        options.add("-XX:+IgnoreUnrecognizedVMOptions");
        options.add("-XX:CompileCommand=quiet");
        for (String name : CALLED) {
            String methods = main.getPackageName() + "." + name + "::*";
            options.add("-XX:CompileCommand=CompileThresholdScaling," + methods + ",0.001");
            options.add("-XX:CompileCommand=BackgroundCompilation," + methods + ",false");
        }
        options.add("-XX:CompilationMode=high-only");
        options.add("-XX:G1HeapRegionSize=1m");
        if (Runtime.getRuntime().availableProcessors() == 2) {
            options.add("-XX:CICompilerCount=2");
        }
        if (hasHugePages()) {
            options.add("-XX:+UseTransparentHugePages");
        }
        return options;
    }

    /** Whether Linux gives large pages to those who ask: weights are read from end to end. */
    private static boolean hasHugePages() {
        try {
            String modes = Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
            return modes.contains("[madvise]") || modes.contains("[always]");
        } catch (IOException | SecurityException _) {
            return false;
        }
    }

    /**
     * Bytes that the heap may grow to, far more than it will: of tables that the garbage collector
     * has for each, it touches a hundredth. Activations are some numbers to thousands of
     * multiply-adds, images many to a byte of their files. What the user says comes later, and
     * counts instead.
     */
    static long heap(long macs, String[] arguments) {
        Runtime runtime = Runtime.getRuntime();
        long most = runtime.maxMemory();
        if (macs == 0) {
            return most;
        }
        String jar = System.getProperty("java.class.path", "");
        long wanted = LEAST_HEAP + macs / 16 + 4 * size(jar);
        for (String argument : arguments) {
            wanted += 64 * size(argument.substring(argument.indexOf('=') + 1));
        }
        // Not less than what it may have been told to begin with.
        return Math.clamp(wanted, runtime.totalMemory(), most);
    }

    /** Bytes of the file that {@code name} may be of. */
    private static long size(String name) {
        try {
            return Files.size(Path.of(name));
        } catch (IOException | InvalidPathException | SecurityException _) {
            return 0;
        }
    }

    private static List<String> command(Class<?> main, long macs, String[] arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-D" + MARK + "=true");
        // Inferences allocate nothing: what loading leaves behind needs no more room than this.
        command.add("-Xmn8m");
        command.add("-Xmx" + Math.ceilDiv(heap(macs, arguments), 1 << 20) + "m");
        // The JIT knows too little in the middle of a kernel's first call, and whatever this
        // program does besides is over soon.
        command.add("-XX:-UseOnStackReplacement");
        // Told which classes were seen, it guesses a vector's before it knows it, and boxes it.
        command.add("-XX:TypeProfileWidth=0");
        command.addAll(options(main));
        String[] own = ProcessHandle.current().info().arguments().orElse(new String[0]);
        int split = own.length - arguments.length;
        if (split > 0 && Arrays.equals(own, split, own.length, arguments, 0, arguments.length)) {
            command.addAll(List.of(own));
            return command;
        }
        // Some systems do not tell a process its arguments.
        if (ModuleLayer.boot().findModule("java.management").isPresent()) {
            command.addAll(Management.virtualMachineArguments());
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Copies {@code in} to {@code out} as it comes, without the line about incubator modules. */
    static void copyWithoutWarning(InputStream in, PrintStream out) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean warned = false;
        while (!warned) {
            int next = in.read();
            if (next >= 0) {
                line.write(next);
            }
            if (next < 0 || next == '\n') {
                warned = isWarning(line.toByteArray());
                if (!warned) {
                    line.writeTo(out);
                    out.flush();
                }
                line.reset();
            }
            if (next < 0) {
                return;
            }
        }
        copy(in, out);
    }

    private static boolean isWarning(byte[] line) {
        int length = line.length;
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r')) {
            length--;
        }
        return Arrays.equals(line, 0, length, WARNING, 0, WARNING.length);
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] some = new byte[8192];
        for (int count = in.read(some); count >= 0; count = in.read(some)) {
            out.write(some, 0, count);
            out.flush();
        }
    }

    /** Everything that links {@code java.management}. */
    private static final class Management {
        static List<String> virtualMachineArguments() {
            return ManagementFactory.getRuntimeMXBean().getInputArguments();
        }
    }
}
