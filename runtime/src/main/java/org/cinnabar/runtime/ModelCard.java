package org.cinnabar.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * What a model's command line knows about the model beside its signature.
 *
 * <p>In a jar it is a UTF-8 text in the format of {@link Properties}; every key but {@code name}
 * may be left out:
 *
 * <pre>
 * name = resnet50
 * compiler = 1.0.0
 * model.sha256 = 9f86d081884c7d65...
 * options = --shape input=1x3x224x224
 * macs = 4089184256
 * image.scale = 0.003921569
 * image.mean = 0.485,0.456,0.406
 * image.std = 0.229,0.224,0.225
 * image.layout = auto | nchw | nhwc
 * image.order = rgb | bgr
 * label.0 = tench
 * label.1 = goldfish
 * </pre>
 *
 * @param name the model's name
 * @param compiler version of the compiler that wrote the jar
 * @param modelHash SHA-256 of the compiled model file, in hexadecimal
 * @param options the options the model was compiled with
 * @param macs multiply-adds of one run; 0 if unknown
 * @param preprocessing how images become inputs unless the user says otherwise
 * @param labels names of the classes in the order of the output; none if unknown
 */
public record ModelCard(
        String name,
        String compiler,
        String modelHash,
        String options,
        long macs,
        Preprocessing preprocessing,
        List<String> labels) {
    /** Copies the labels. */
    public ModelCard {
        labels = List.copyOf(labels);
    }

    /**
     * The card in {@code resource}, resolved as {@link Class#getResourceAsStream} does from {@code
     * anchor}. Throws {@link IllegalStateException} if it is missing or malformed.
     */
    public static ModelCard load(Class<?> anchor, String resource) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the jar is damaged: " + resource + " is missing; build or copy it again");
            }
            return parse(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("model card " + resource + ": " + e.getMessage(), e);
        }
    }

    /** The card that {@link #text} wrote. Throws {@link IllegalStateException} if malformed. */
    public static ModelCard parse(String text) {
        try {
            return parse(new StringReader(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ModelCard parse(Reader in) throws IOException {
        Properties entries = new Properties();
        try {
            entries.load(in);
            List<String> labels = new ArrayList<>();
            String label = entries.getProperty("label.0");
            while (label != null) {
                labels.add(label);
                label = entries.getProperty("label." + labels.size());
            }
            return new ModelCard(
                    entries.getProperty("name", "model"),
                    entries.getProperty("compiler", ""),
                    entries.getProperty("model.sha256", ""),
                    entries.getProperty("options", ""),
                    Long.parseLong(entries.getProperty("macs", "0").strip()),
                    preprocessing(entries),
                    labels);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("malformed model card: " + e.getMessage(), e);
        }
    }

    private static Preprocessing preprocessing(Properties entries) {
        Preprocessing preprocessing = Preprocessing.DEFAULT;
        String scale = entries.getProperty("image.scale");
        if (scale != null) {
            preprocessing = preprocessing.withScale(Float.parseFloat(scale.strip()));
        }
        String mean = entries.getProperty("image.mean");
        if (mean != null) {
            preprocessing = preprocessing.withMean(Preprocessing.numbers(mean));
        }
        String std = entries.getProperty("image.std");
        if (std != null) {
            preprocessing = preprocessing.withStd(Preprocessing.numbers(std));
        }
        String layout = entries.getProperty("image.layout");
        if (layout != null) {
            preprocessing = preprocessing.withLayout(Preprocessing.layout(layout));
        }
        String order = entries.getProperty("image.order");
        return order == null ? preprocessing : preprocessing.withOrder(Preprocessing.order(order));
    }

    /** This card in the format of the class's description; equal cards have equal texts. */
    public String text() {
        StringBuilder text = new StringBuilder();
        entry("name", name, text);
        entry("compiler", compiler, text);
        entry("model.sha256", modelHash, text);
        entry("options", options, text);
        entry("macs", Long.toString(macs), text);
        entry("image.scale", Float.toString(preprocessing.scale()), text);
        entry("image.mean", Preprocessing.text(preprocessing.mean()), text);
        entry("image.std", Preprocessing.text(preprocessing.std()), text);
        entry("image.layout", preprocessing.layout().name().toLowerCase(Locale.ROOT), text);
        entry("image.order", preprocessing.order().name().toLowerCase(Locale.ROOT), text);
        for (int i = 0; i < labels.size(); i++) {
            entry("label." + i, labels.get(i), text);
        }
        return text.toString();
    }

    private static void entry(String key, String value, StringBuilder text) {
        text.append(key).append(" = ");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\f' -> text.append("\\f");
                case ' ' -> text.append(i == 0 ? "\\ " : " ");
                default -> text.append(c);
            }
        }
        text.append('\n');
    }
}
