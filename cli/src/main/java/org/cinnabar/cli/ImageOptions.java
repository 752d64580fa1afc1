package org.cinnabar.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cinnabar.runtime.Preprocessing;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How images become inputs; each option stands for itself on the command line of a jar too. */
final class ImageOptions {
    @Option(
            names = "--scale",
            paramLabel = "S",
            description = "images become (pixel * S - mean) / std; pixels are 0 to 255, S is 1/255")
    @Nullable Float scale;

    @Option(
            names = "--mean",
            paramLabel = "N",
            split = ",",
            description = "mean of each channel, or of all (0)")
    List<Float> mean = new ArrayList<>();

    @Option(
            names = "--std",
            paramLabel = "N",
            split = ",",
            converter = NonZero.class,
            description = "standard deviation of each channel, or of all (1)")
    List<Float> std = new ArrayList<>();

    @Option(
            names = "--layout",
            paramLabel = "LAYOUT",
            description = "axes of the input: nchw, nhwc or auto, by its shape (auto)")
    Preprocessing.@Nullable Layout layout;

    @Option(
            names = "--order",
            paramLabel = "ORDER",
            description = "channels of the input: rgb or bgr (rgb)")
    Preprocessing.@Nullable Order order;

    Preprocessing preprocessing() {
        Preprocessing all = Preprocessing.DEFAULT;
        all = scale == null ? all : all.withScale(scale);
        all = mean.isEmpty() ? all : all.withMean(mean);
        all = std.isEmpty() ? all : all.withStd(std);
        all = layout == null ? all : all.withLayout(layout);
        return order == null ? all : all.withOrder(order);
    }

    /** The options that were given, as words. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (scale != null) {
            words.add("--scale=" + scale);
        }
        if (!mean.isEmpty()) {
            words.add("--mean=" + joined(mean));
        }
        if (!std.isEmpty()) {
            words.add("--std=" + joined(std));
        }
        if (layout != null) {
            words.add("--layout=" + layout.name().toLowerCase(Locale.ROOT));
        }
        if (order != null) {
            words.add("--order=" + order.name().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    private static String joined(List<Float> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** Numbers to divide by. */
    static final class NonZero implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            float value = Float.parseFloat(text);
            if (value == 0) {
                throw new TypeConversionException("'" + text + "' divides by zero");
            }
            return value;
        }
    }
}
