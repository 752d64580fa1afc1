package org.cinnabar.cli;

import picocli.CommandLine.Option;

/** Options of every command that works on a model. */
final class CommonOptions {
    @Option(
            names = {"-q", "--quiet"},
            description = "print errors only")
    boolean quiet;

    // Read from the words of the command line, for errors may come before it is parsed.
    @Option(names = "--debug", description = "show where an error came from")
    boolean debug;
}
