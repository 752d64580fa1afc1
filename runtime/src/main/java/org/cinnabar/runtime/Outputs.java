package org.cinnabar.runtime;

import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a command line's outputs go: files, or a summary on standard output. */
final class Outputs {
    /** Significant digits of what is printed. */
    private static final int DIGITS = 6;

    private final List<Port> ports;
    private final @Nullable Path[] files;
    private final float[][] values;
    private final boolean print;
    private int units;

    private Outputs(List<Port> ports, @Nullable Path[] files, boolean print) {
        this.ports = ports;
        this.files = files;
        this.values = new float[ports.size()][];
        this.print = print;
    }

    /** The {@code --out} values of a command line: {@code FILE} or {@code NAME=FILE}. */
    static Outputs assign(List<String> words, Signature signature) {
        @Nullable Path[] files = new Path[signature.outputs().size()];
        for (String word : words) {
            int equals = word.indexOf('=');
            int named = equals < 0 ? -1 : signature.output(word.substring(0, equals));
            int output = Math.max(0, named);
            if (files[output] != null) {
                throw new UsageException(
                        "output '"
                                + signature.outputs().get(output).name()
                                + "' goes to two files: "
                                + files[output]
                                + " and "
                                + word);
            }
            files[output] = Path.of(named < 0 ? word : word.substring(equals + 1));
        }
        return new Outputs(signature.outputs(), files, words.isEmpty());
    }

    /** Binds memory for {@code units} compiled shapes to every output that is wanted. */
    void bind(Session session, int units) {
        this.units = units;
        for (int i = 0; i < values.length; i++) {
            if (print || files[i] != null) {
                long length = (long) units * ports.get(i).length();
                if (length > Integer.MAX_VALUE - 8) {
                    throw new IllegalArgumentException(
                            "output '"
                                    + ports.get(i).name()
                                    + "' of "
                                    + units
                                    + " runs exceeds 2^31 values; use a smaller batch");
                }
                values[i] = new float[(int) length];
                session.output(i).bind(values[i]);
            }
        }
    }

    /** Writes the files, or prints every output: classes for rank 2, a summary otherwise. */
    void deliver(PrintStream out, List<String> items, int top, List<String> labels)
            throws IOException {
        for (int i = 0; i < values.length; i++) {
            Port port = ports.get(i);
            Path file = files[i];
            if (file != null) {
                new Npy(port.stacked(units), values[i]).write(file);
            } else if (print && port.shape().size() == 2) {
                printClasses(out, port, values[i], items, top, labels);
            } else if (print) {
                printSummary(out, port, values[i]);
            }
        }
    }

    private void printSummary(PrintStream out, Port port, float[] values) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        double sum = 0;
        for (float value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
            sum += value;
        }
        out.println(
                "output '"
                        + port.name()
                        + "' "
                        + Port.text(port.stacked(units))
                        + ": min "
                        + number(least)
                        + ", mean "
                        + number(sum / values.length)
                        + ", max "
                        + number(most));
    }

    private static void printClasses(
            PrintStream out,
            Port port,
            float[] values,
            List<String> items,
            int top,
            List<String> labels) {
        int classes = port.shape().get(1);
        for (int item = 0; item < values.length / classes; item++) {
            String name = item < items.size() ? items.get(item) : "item " + item;
            out.println(name + ", output '" + port.name() + "':");
            for (int index : largest(values, item * classes, classes, Math.min(top, classes))) {
                String label = index < labels.size() ? labels.get(index) : "";
                String value = number(values[item * classes + index]);
                String line = right(index + "", 7) + "  " + right(value, 12) + "  " + label;
                out.println(line.stripTrailing());
            }
        }
    }

    /** Indices, relative to {@code from}, of the {@code count} largest values, largest first. */
    static List<Integer> largest(float[] values, int from, int length, int count) {
        List<Integer> largest = new ArrayList<>();
        boolean[] taken = new boolean[length];
        for (int rank = 0; rank < count; rank++) {
            int best = -1;
            for (int i = 0; i < length; i++) {
                // Float.compare puts NaN first, where it is seen.
                if (!taken[i]
                        && (best < 0 || Float.compare(values[from + i], values[from + best]) > 0)) {
                    best = i;
                }
            }
            taken[best] = true;
            largest.add(best);
        }
        return largest;
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /**
     * What {@code %.6g} makes of {@code value}, without the tables of {@link java.util.Formatter},
     * which take a native executable longer to set up than a small model to run.
     */
    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        BigDecimal rounded =
                BigDecimal.valueOf(value).round(new MathContext(DIGITS, RoundingMode.HALF_UP));
        int exponent = value == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < DIGITS) {
            return sign(value)
                    + rounded.abs()
                            .setScale(DIGITS - 1 - exponent, RoundingMode.HALF_UP)
                            .toPlainString();
        }
        String digits =
                rounded.abs()
                        .scaleByPowerOfTen(-exponent)
                        .setScale(DIGITS - 1, RoundingMode.HALF_UP)
                        .toPlainString();
        int size = Math.abs(exponent);
        return sign(value) + digits + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    private static String sign(double value) {
        return Math.copySign(1, value) < 0 ? "-" : "";
    }
}
