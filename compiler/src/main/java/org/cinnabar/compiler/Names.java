package org.cinnabar.compiler;

import java.lang.constant.ClassDesc;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;
import org.cinnabar.runtime.Model;

/** The names of a model and of its class. */
final class Names {
    private static final String PACKAGE = "cinnabar.models.";
    private static final Pattern SEPARATOR = Pattern.compile("[^A-Za-z0-9]+");

    private Names() {}

    /** The file's name without {@code .onnx}. */
    static String model(Path file) {
        Path name = file.getFileName();
        String text = name == null ? "model" : name.toString();
        return text.endsWith(".onnx") ? text.substring(0, text.length() - 5) : text;
    }

    /**
     * The class of the model {@code model}: {@code asked}, or made from the model's name if that is
     * empty. {@code mobilenet-v2-1.0} becomes {@code
     * cinnabar.models.mobilenetv2_1_0.MobilenetV2_1_0}.
     */
    static ClassDesc type(String model, String asked) {
        String simple = asked.isEmpty() ? camelCase(model) : asked;
        if (asked.indexOf('.') >= 0) {
            return ClassDesc.of(asked);
        }
        String free = isTaken(simple) ? simple + "Net" : simple;
        return ClassDesc.of(PACKAGE + packageName(free), free);
    }

    /** Rejects what is no class name, or one that the runtime uses itself. */
    static void requireUsable(String asked) {
        if (!SourceVersion.isName(asked)) {
            throw new IllegalArgumentException(
                    "expected a Java class like com.example.Resnet50, got '" + asked + "'");
        }
        String simple = asked.substring(asked.lastIndexOf('.') + 1);
        if (isTaken(simple)) {
            throw new IllegalArgumentException(
                    "expected a class that is none of the runtime's, got '"
                            + asked
                            + "'; choose another than "
                            + simple);
        }
    }

    private static boolean isTaken(String simple) {
        return simple.equals("Main") || Model.class.getResource(simple + ".class") != null;
    }

    /** The package of a class {@code simple} that has one of its own. */
    static String packageName(String simple) {
        String name = simple.toLowerCase(Locale.ROOT);
        return SourceVersion.isKeyword(name) ? name + "_" : name;
    }

    /** The words of {@code text} with capitals; an underscore keeps numbers apart. */
    private static String camelCase(String text) {
        StringBuilder name = new StringBuilder();
        for (String word : SEPARATOR.split(text)) {
            if (endsWithDigit(name) && startsWithDigit(word)) {
                name.append('_');
            }
            name.append(word.substring(0, Math.min(1, word.length())).toUpperCase(Locale.ROOT));
            name.append(word.substring(Math.min(1, word.length())));
        }
        boolean needsLetter = name.isEmpty() || startsWithDigit(name);
        return needsLetter ? "Model" + name : name.toString();
    }

    private static boolean startsWithDigit(CharSequence text) {
        return !text.isEmpty() && Character.isDigit(text.charAt(0));
    }

    private static boolean endsWithDigit(CharSequence text) {
        return !text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1));
    }
}
