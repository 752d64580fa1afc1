package org.cinnabar.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command line of a model's jar, parsed. */
final class Arguments {
    static final String HELP =
            """
            INPUT is an image (PNG, JPEG, GIF, BMP) or an .npy array whose first dimension may be any
            batch; several are run one after the other. A model with several inputs takes NAME=INPUT.

            --out FILE           write the first output to an .npy file; NAME=FILE for another one
            --top K              classes to print per item (5)
            --labels FILE        names of the classes, one per line
            --scale S            images become (pixel * S - mean) / std; pixels are 0 to 255
            --mean A,B,C         one value, or one per channel
            --std A,B,C          likewise
            --layout LAYOUT      axes of the input: nchw, nhwc or auto (by its shape)
            --order ORDER        channels of the input: rgb or bgr
            --threads N          threads to run on (1)
            --bench SECONDS      measure, print one line of JSON; without INPUT on random values
            --java-options       print what to start java with to use this jar as a library
            --debug              show where an error came from
            --version, --help

            Runs with the Vector API (module jdk.incubator.vector) where Java has it. The system
            property cinnabar.vector, given as java -Dcinnabar.vector=VALUE -jar ..., is off for
            scalar code, or 4, 8 or 16 for a number of lanes, or on for the machine's even where
            scalar code would be done sooner, as for single inputs of small models.
            Exit codes: 0 success, 1 failure, 2 wrong command line.
            """;

    final List<String> inputs = new ArrayList<>();
    final List<String> outputs = new ArrayList<>();
    Preprocessing preprocessing;
    @Nullable Path labels;
    int top = 5;
    int threads = 1;
    double bench;
    boolean help;
    boolean version;
    boolean javaOptions;

    private final String[] words;
    private int next;

    private Arguments(String[] words, Preprocessing preprocessing) {
        this.words = words;
        this.preprocessing = preprocessing;
    }

    /** Parses {@code words}; {@code preprocessing} holds where they say nothing else. */
    static Arguments parse(String[] words, Preprocessing preprocessing) {
        Arguments arguments = new Arguments(words, preprocessing);
        boolean options = true;
        while (arguments.next < words.length) {
            String word = words[arguments.next++];
            if (options && word.equals("--")) {
                options = false;
            } else if (options && word.length() > 1 && word.startsWith("-")) {
                arguments.option(word);
            } else {
                arguments.inputs.add(word);
            }
        }
        if (!arguments.help && !arguments.version && !arguments.javaOptions) {
            arguments.check();
        }
        return arguments;
    }

    private void option(String word) {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String name = equals < 0 ? word : word.substring(0, equals);
        String value = equals < 0 ? null : word.substring(equals + 1);
        try {
            switch (name) {
                case "--out" -> outputs.add(value(name, value));
                case "--labels" -> labels = Path.of(value(name, value));
                case "--top" -> top = positive(value(name, value));
                case "--threads" -> threads = positive(value(name, value));
                case "--bench" -> bench = seconds(value(name, value));
                case "--scale" ->
                        preprocessing =
                                preprocessing.withScale(
                                        Preprocessing.numbers(value(name, value)).getFirst());
                case "--mean" ->
                        preprocessing =
                                preprocessing.withMean(Preprocessing.numbers(value(name, value)));
                case "--std" ->
                        preprocessing =
                                preprocessing.withStd(Preprocessing.numbers(value(name, value)));
                case "--layout" ->
                        preprocessing =
                                preprocessing.withLayout(Preprocessing.layout(value(name, value)));
                case "--order" ->
                        preprocessing =
                                preprocessing.withOrder(Preprocessing.order(value(name, value)));
                case "--debug" -> {}
                case "--version" -> version = true;
                case "--java-options" -> javaOptions = true;
                case "--help", "-h" -> help = true;
                default -> throw new UsageException("unknown option " + name + "; see --help");
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + ": " + e.getMessage());
        }
    }

    private String value(String option, @Nullable String attached) {
        if (attached != null) {
            return attached;
        }
        if (next == words.length) {
            throw new UsageException(option + " needs a value; see --help");
        }
        return words[next++];
    }

    private static int positive(String text) {
        try {
            int value = Integer.parseInt(text);
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException("takes a number from 1; got '" + text + "'");
    }

    private static double seconds(String text) {
        try {
            double value = Double.parseDouble(text);
            if (value > 0 && value < 1e6) {
                return value;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new IllegalArgumentException("takes a number of seconds; got '" + text + "'");
    }

    private void check() {
        if (inputs.isEmpty() && bench == 0) {
            throw new UsageException("no INPUT given; see --help");
        }
        if (bench > 0 && !outputs.isEmpty()) {
            throw new UsageException("--bench writes no --out file");
        }
    }
}
