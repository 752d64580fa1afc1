package org.cinnabar.ir.op;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.cinnabar.ir.Dim;

/**
 * How a kernel slides over the spatial axes; one entry per axis in every list. Prints as {@code
 * 3x3/2+1@2}: kernel, then stride, padding ({@code +begin} or {@code +begin:end}) and dilation
 * where they are not 1, 0 and 1; one number stands for all axes.
 */
public record Window(
        List<Integer> kernel,
        List<Integer> stride,
        List<Integer> padBegin,
        List<Integer> padEnd,
        List<Integer> dilation) {
    private static final Pattern TEXT =
            Pattern.compile(
                    "(N)(?:/(N))?(?:\\+(N)(?::(N))?)?(?:@(N))?".replace("N", "[0-9]+(?:x[0-9]+)*"));

    public Window {
        kernel = positive("kernel", kernel, kernel.size());
        stride = positive("stride", stride, kernel.size());
        dilation = positive("dilation", dilation, kernel.size());
        padBegin = atLeast(0, "padding", padBegin, kernel.size());
        padEnd = atLeast(0, "padding", padEnd, kernel.size());
    }

    /** A square window with the same padding on every side. */
    public static Window square(int kernel, int stride, int pad) {
        return new Window(
                List.of(kernel, kernel),
                List.of(stride, stride),
                List.of(pad, pad),
                List.of(pad, pad),
                List.of(1, 1));
    }

    /** Number of spatial axes. */
    public int rank() {
        return kernel.size();
    }

    /** Number of taps: the product of the kernel's extents. */
    public int taps() {
        return kernel.stream().reduce(1, Math::multiplyExact);
    }

    /** Whether any axis is padded. */
    public boolean isPadded() {
        return padBegin.stream().anyMatch(p -> p > 0) || padEnd.stream().anyMatch(p -> p > 0);
    }

    /** Extent that the dilated kernel covers on {@code axis}. */
    public int reach(int axis) {
        return Math.addExact(Math.multiplyExact(kernel.get(axis) - 1, dilation.get(axis)), 1);
    }

    /** Extent that {@code count} neighbouring positions of the window cover on {@code axis}. */
    public int span(int axis, int count) {
        return Math.addExact(Math.multiplyExact(count - 1, stride.get(axis)), reach(axis));
    }

    /** Number of window positions on {@code axis} over an input of extent {@code in}. */
    public Dim positions(int axis, Dim in) {
        Dim slack = in.plus(padBegin.get(axis)).plus(padEnd.get(axis)).plus(-reach(axis));
        if (slack.isKnown() && slack.value() < 0) {
            throw new IllegalArgumentException(
                    "window "
                            + this
                            + " is larger than its padded input of extent "
                            + in
                            + " on spatial axis "
                            + axis);
        }
        return slack.floorDiv(stride.get(axis)).plus(1);
    }

    /** The window that {@link #toString} printed. */
    public static Window parse(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "not a window: '" + text + "', expected the like of 3x3/2+1@1");
        }
        List<Integer> kernel = numbers(m.group(1), 0);
        Function<Integer, List<Integer>> unit = value -> Collections.nCopies(kernel.size(), value);
        List<Integer> begin =
                m.group(3) == null ? unit.apply(0) : numbers(m.group(3), kernel.size());
        return new Window(
                kernel,
                m.group(2) == null ? unit.apply(1) : numbers(m.group(2), kernel.size()),
                begin,
                m.group(4) == null ? begin : numbers(m.group(4), kernel.size()),
                m.group(5) == null ? unit.apply(1) : numbers(m.group(5), kernel.size()));
    }

    private static List<Integer> numbers(String text, int rank) {
        List<Integer> numbers = new ArrayList<>();
        for (String part : text.split("x")) {
            numbers.add(Integer.valueOf(part));
        }
        return numbers.size() == 1 && rank > 1
                ? Collections.nCopies(rank, numbers.getFirst())
                : numbers;
    }

    private static List<Integer> positive(String what, List<Integer> values, int rank) {
        return atLeast(1, what, values, rank);
    }

    private static List<Integer> atLeast(int least, String what, List<Integer> values, int rank) {
        if (values.size() != rank) {
            throw new IllegalArgumentException(
                    what + " " + values + " does not fit a kernel of rank " + rank);
        }
        for (int value : values) {
            if (value < least) {
                throw new IllegalArgumentException(
                        what + " " + values + " has an entry below " + least);
            }
        }
        return List.copyOf(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(joined(kernel));
        if (stride.stream().anyMatch(s -> s != 1)) {
            text.append('/').append(shortened(stride));
        }
        if (isPadded()) {
            text.append('+').append(shortened(padBegin));
            if (!padEnd.equals(padBegin)) {
                text.append(':').append(shortened(padEnd));
            }
        }
        if (dilation.stream().anyMatch(d -> d != 1)) {
            text.append('@').append(shortened(dilation));
        }
        return text.toString();
    }

    private static String shortened(List<Integer> values) {
        return values.stream().distinct().count() == 1
                ? values.getFirst().toString()
                : joined(values);
    }

    private static String joined(List<Integer> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
