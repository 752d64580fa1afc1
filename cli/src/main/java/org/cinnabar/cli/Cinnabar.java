package org.cinnabar.cli;

import org.cinnabar.compiler.Compiler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ScopeType;

/** The commands. */
@Command(
        name = "cinnabar",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Cinnabar.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        description = "Compiles ONNX models of convolutional networks to jars of JVM bytecode.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:failure: something could not be read, written or run, or results differ",
            "2:wrong command line",
            "3:the model cannot be compiled: damaged, unsupported, or its shapes are open"
        })
public final class Cinnabar {
    private static final String[] EXAMPLES = {
        "",
        "Examples:",
        "  cinnabar compile resnet50.onnx -o resnet50.jar",
        "  java -jar resnet50.jar photo.jpg",
        "  cinnabar native resnet50.onnx -o classify",
        "  cinnabar run resnet50.onnx photo.jpg --labels imagenet.txt",
        "  cinnabar inspect resnet50.onnx",
        "  cinnabar COMMAND --help"
    };

    private Cinnabar() {}

    /** Runs the command line {@code words} and returns its exit code. */
    public static int execute(Console console, String... words) {
        CommandLine line = commandLine(console);
        try {
            return line.execute(words);
        } catch (OutOfMemoryError | StackOverflowError e) {
            return Failures.of(e, line);
        }
    }

    static CommandLine commandLine(Console console) {
        CommandLine line =
                new CommandLine(new Cinnabar())
                        .addSubcommand(new CompileCommand(console))
                        .addSubcommand(new NativeCommand(console))
                        .addSubcommand(new GenerateCommand(console))
                        .addSubcommand(new RunCommand(console))
                        .addSubcommand(new InspectCommand(console))
                        .addSubcommand(new VerifyCommand(console))
                        .addSubcommand(new ExplainCommand(console))
                        .addSubcommand(new CalibrateCommand(console))
                        .addSubcommand(new TrainCommand(console))
                        .addSubcommand(new FinetuneCommand(console))
                        .addSubcommand(new EvaluateCommand(console))
                        .addSubcommand(new CompletionCommand(console));
        line.getCommandSpec().usageMessage().footer(EXAMPLES);
        return line.setOut(console.out())
                .setErr(console.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Failures::ofUsage)
                .setExecutionExceptionHandler((thrown, command, _) -> Failures.of(thrown, command));
    }

    /** The version of the compiler. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"cinnabar " + Compiler.version()};
        }
    }
}
