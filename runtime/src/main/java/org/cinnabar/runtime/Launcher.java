package org.cinnabar.runtime;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The command line of a model's jar; a generated main class extends it and calls {@link #launch}.
 *
 * <p>Where Java has the Vector API but was not asked to use it, the program is started again in a
 * JVM that was, unless scalar code is done before that JVM would be. {@code --help} shows the
 * options and exit codes.
 */
public abstract class Launcher {
    /** For generated subclasses. */
    protected Launcher() {}

    /** The model's card. */
    protected abstract ModelCard card();

    /** Loads the model; called once, in the JVM that runs it. */
    protected abstract Model load();

    /** Runs the command line {@code words} and ends the process with its exit code. */
    public final void launch(String[] words) {
        int code = execute(words, System.out, System.err);
        if (Executable.NATIVE) {
            // Exiting would first set up the logger that could be told of it.
            System.out.flush();
            System.err.flush();
            Runtime.getRuntime().halt(code);
        } else {
            System.exit(code);
        }
    }

    /** Runs the command line {@code words} and returns its exit code. */
    final int execute(String[] words, PrintStream out, PrintStream err) {
        try {
            ModelCard card = card();
            Arguments arguments = Arguments.parse(words, card.preprocessing());
            if (arguments.help) {
                out.println("usage: " + invocation() + " INPUT... [OPTION...]");
                out.println("Runs " + described(card) + ".\n");
                out.print(Arguments.HELP);
            } else if (arguments.version) {
                out.println(described(card));
            } else if (arguments.javaOptions) {
                Relaunch.options(getClass()).forEach(out::println);
            } else if (arguments.bench > 0 ? Relaunch.needed() : Relaunch.pays(card.macs(), 1)) {
                return Relaunch.run(getClass(), card.macs(), words);
            } else {
                return run(arguments, card, words, out, err);
            }
            return 0;
        } catch (UsageException e) {
            err.println("error: " + e.getMessage());
            return 2;
        } catch (Throwable e) {
            err.println("error: " + message(e));
            if (Arrays.asList(words).contains("--debug")) {
                e.printStackTrace(err);
            }
            return 1;
        }
    }

    private int run(
            Arguments arguments, ModelCard card, String[] words, PrintStream out, PrintStream err)
            throws IOException {
        long begin = System.nanoTime();
        if (!Executable.NATIVE) {
            System.setProperty("java.awt.headless", "true");
        }
        if (!Lanes.off() && !Lanes.present() && !Relaunch.needed()) {
            err.println(
                    "note: this Java has no Vector API (module jdk.incubator.vector); the slower"
                            + " scalar code is used");
        }
        Model model = load();
        if (Relaunch.relaunched()) {
            model.warmUp();
        }
        Signature signature = model.signature();
        Inputs inputs = Inputs.assign(arguments.inputs, signature, arguments.bench > 0);
        Outputs outputs = Outputs.assign(arguments.outputs, signature);
        List<String> labels = labels(arguments, card);

        Session session = model.session(arguments.threads);
        int units = inputs.bind(session, arguments.preprocessing);
        if (arguments.bench == 0 && Relaunch.pays(card.macs(), units)) {
            return Relaunch.run(getClass(), card.macs(), words);
        }
        outputs.bind(session, units);
        session.run();
        if (arguments.bench > 0) {
            double firstResult = Bench.millisSinceStart(begin);
            Bench bench = Bench.measure(session, arguments.bench);
            out.println(bench.json(model, arguments.threads, units, firstResult));
        } else {
            outputs.deliver(out, inputs.items(), arguments.top, labels);
        }
        return 0;
    }

    private static List<String> labels(Arguments arguments, ModelCard card) throws IOException {
        Path file = arguments.labels;
        if (file == null) {
            return card.labels();
        }
        try {
            return Files.readAllLines(file);
        } catch (CharacterCodingException _) {
            throw new IOException(file + " is not UTF-8 text");
        }
    }

    private static String invocation() {
        if (Executable.NATIVE) {
            return fileName(Executable.path());
        }
        return "java -jar " + fileName(System.getProperty("java.class.path", "model.jar"));
    }

    private static String fileName(String path) {
        Path name = Path.of(path).getFileName();
        return name == null ? path : name.toString();
    }

    private static String described(ModelCard card) {
        StringBuilder text = new StringBuilder(card.name());
        if (!card.compiler().isEmpty()) {
            text.append(", compiled by Cinnabar ").append(card.compiler());
        }
        if (!card.modelHash().isEmpty()) {
            text.append(" from the model with SHA-256 ").append(card.modelHash());
        }
        return text.toString();
    }

    private static String message(Throwable thrown) {
        if (thrown instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        if (thrown instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (thrown instanceof FileSystemException failed) {
            return failed.getFile() + ": " + failed.getReason();
        }
        if (thrown instanceof OutOfMemoryError) {
            return "out of memory; give Java more with java -Xmx... -jar ...";
        }
        boolean ours =
                thrown instanceof IOException
                        || thrown instanceof UncheckedIOException
                        || thrown instanceof IllegalArgumentException
                        || thrown instanceof IllegalStateException;
        String message = thrown.getMessage();
        return ours && message != null ? message : thrown.toString();
    }
}
