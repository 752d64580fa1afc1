package org.cinnabar.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.cinnabar.compiler.CompileException;
import org.cinnabar.compiler.NativeBuildException;
import org.cinnabar.ir.InternalCompilerError;
import org.cinnabar.train.TrainingException;
import org.cinnabar.train.data.DataException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Failures as lines for the user and exit codes; stack traces only with {@code --debug}. */
final class Failures {
    static final int FAILURE = 1;
    static final int USAGE = 2;
    static final int MODEL = 3;

    private Failures() {}

    /** Reports a wrong command line. */
    static int ofUsage(ParameterException e, String[] words) {
        CommandLine line = e.getCommandLine();
        error(line, String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " "));
        UnmatchedArgumentException.printSuggestions(e, line.getErr());
        line.getErr().println("see " + line.getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    /** Reports whatever a command threw. */
    static int of(Throwable thrown, CommandLine line) {
        if (thrown instanceof CompileException e) {
            e.problems().forEach(problem -> error(line, problem));
        } else if (thrown instanceof InternalCompilerError) {
            error(line, "the compiler has a fault: " + firstLine(thrown));
            line.getErr().println("please report it with the output of --debug");
        } else {
            error(line, message(thrown));
        }
        if (thrown instanceof NativeBuildException e) {
            e.causeLines().forEach(said -> line.getErr().println("  " + plain(said)));
        }
        if (isDebug(line)) {
            thrown.printStackTrace(line.getErr());
        }
        return thrown instanceof CompileException ? MODEL : FAILURE;
    }

    /** Prints one error line; what a damaged file put into a name must not reach the terminal. */
    private static void error(CommandLine line, String message) {
        line.getErr().println(line.getColorScheme().errorText("error: ") + plain(message));
    }

    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private static boolean isDebug(CommandLine line) {
        List<String> words = line.getParseResult().originalArgs();
        return words.contains("--debug");
    }

    private static String message(Throwable thrown) {
        return switch (thrown) {
            case NoSuchFileException e -> "no such file: " + e.getFile();
            case AccessDeniedException e -> e.getFile() + ": permission denied";
            case FileSystemException e -> e.getFile() + ": " + e.getReason();
            case OutOfMemoryError _ ->
                    "out of memory; give Java more, as with CINNABAR_JAVA_OPTS=-Xmx8g";
            case IOException e when e.getMessage() != null -> e.getMessage();
            case UncheckedIOException e when e.getCause() != null -> message(e.getCause());
            case TrainingException e when e.getMessage() != null -> e.getMessage();
            case DataException e when e.getMessage() != null -> e.getMessage();
            case IllegalArgumentException e when e.getMessage() != null -> e.getMessage();
            default -> "unexpected " + thrown + "; --debug shows where";
        };
    }

    private static String firstLine(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        return message.lines().findFirst().orElse("");
    }
}
