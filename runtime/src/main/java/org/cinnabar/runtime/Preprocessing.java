package org.cinnabar.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the pixels of an image become an input's values: {@code (pixel * scale - mean) / std} for
 * each channel, with pixels from 0 to 255.
 *
 * @param scale factor of a pixel; 1/255 brings pixels to 0..1
 * @param mean one value per channel, or one for all, in the order of the input's channels
 * @param std likewise, none zero
 * @param layout where the channels are
 * @param order order of the colours in an input of three channels
 */
public record Preprocessing(
        float scale, List<Float> mean, List<Float> std, Layout layout, Order order) {
    /** Pixels from 0 to 1, red first, channels where the shape has one or three. */
    public static final Preprocessing DEFAULT =
            new Preprocessing(1 / 255f, List.of(0f), List.of(1f), Layout.AUTO, Order.RGB);

    /** Where an input has its channels. */
    public enum Layout {
        /** By the shape: where a dimension is 1 or 3, before the image's rows if both are. */
        AUTO,
        /** Before the rows: one plane after the other. */
        NCHW,
        /** After the columns: the channels of a pixel side by side. */
        NHWC
    }

    /** The order of three colours. */
    public enum Order {
        /** Red, green, blue. */
        RGB,
        /** Blue, green, red. */
        BGR
    }

    /** Rejects empty lists and a {@code std} of zero. */
    public Preprocessing {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || std.isEmpty()) {
            throw new IllegalArgumentException("mean " + mean + " and std " + std + " need values");
        }
        if (std.contains(0f) || std.contains(-0f)) {
            throw new IllegalArgumentException("std " + std + " divides by zero");
        }
    }

    /** This with another {@code scale}. */
    public Preprocessing withScale(float scale) {
        return new Preprocessing(scale, mean, std, layout, order);
    }

    /** This with another {@code mean}. */
    public Preprocessing withMean(List<Float> mean) {
        return new Preprocessing(scale, mean, std, layout, order);
    }

    /** This with another {@code std}. */
    public Preprocessing withStd(List<Float> std) {
        return new Preprocessing(scale, mean, std, layout, order);
    }

    /** This with another {@code layout}. */
    public Preprocessing withLayout(Layout layout) {
        return new Preprocessing(scale, mean, std, layout, order);
    }

    /** This with another {@code order}. */
    public Preprocessing withOrder(Order order) {
        return new Preprocessing(scale, mean, std, layout, order);
    }

    /** The numbers in {@code text}, separated by commas. */
    static List<Float> numbers(String text) {
        List<Float> numbers = new ArrayList<>();
        for (String number : text.split(",")) {
            try {
                numbers.add(Float.parseFloat(number.strip()));
            } catch (NumberFormatException _) {
                throw new IllegalArgumentException(
                        "'" + number.strip() + "' in '" + text + "' is not a number");
            }
        }
        return numbers;
    }

    /** The reverse of {@link #numbers}. */
    static String text(List<Float> numbers) {
        StringBuilder text = new StringBuilder();
        for (float number : numbers) {
            text.append(text.isEmpty() ? "" : ",").append(number);
        }
        return text.toString();
    }

    static Layout layout(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "auto" -> Layout.AUTO;
            case "nchw" -> Layout.NCHW;
            case "nhwc" -> Layout.NHWC;
            default ->
                    throw new IllegalArgumentException(
                            "layout is auto, nchw or nhwc; got '" + text + "'");
        };
    }

    static Order order(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "rgb" -> Order.RGB;
            case "bgr" -> Order.BGR;
            default ->
                    throw new IllegalArgumentException(
                            "channel order is rgb or bgr; got '" + text + "'");
        };
    }

    /** Rejects lists that are neither one value nor one per channel. */
    void requireChannels(int channels) {
        requireChannels("mean", mean, channels);
        requireChannels("std", std, channels);
    }

    private static void requireChannels(String name, List<Float> values, int channels) {
        if (values.size() != 1 && values.size() != channels) {
            throw new IllegalArgumentException(
                    name
                            + " has "
                            + values.size()
                            + " values, the input "
                            + channels
                            + (channels == 1 ? " channel" : " channels"));
        }
    }

    float value(float pixel, int channel) {
        float shift = mean.get(mean.size() == 1 ? 0 : channel);
        float spread = std.get(std.size() == 1 ? 0 : channel);
        return (pixel * scale - shift) / spread;
    }
}
