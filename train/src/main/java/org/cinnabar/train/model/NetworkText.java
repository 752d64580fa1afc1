package org.cinnabar.train.model;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Window;

/**
 * The text form of {@link NetworkBuilder}: a layer on each line, {@code #} begins a remark.
 *
 * <pre>
 * input 3x32x32
 * conv conv1 16 3x3+1           # name, outputs, window; with bias
 * bareconv conv2 16 3x3+1       # without
 * batchnorm norm2
 * relu
 * save x                        # a name for the value
 * add x                         # adds the value of that name
 * from x                        # goes on from it
 * maxpool 2x2/2                 # or averagepool
 * globalaverage
 * flatten
 * linear fc 10                  # name, outputs
 * </pre>
 *
 * <p>In place of a number of outputs, {@code classes} stands for the number of classes.
 */
public final class NetworkText {
    private final String name;
    private final int classes;
    private final long seed;
    private final Map<String, Node> saved = new HashMap<>();

    private NetworkText(String name, int classes, long seed) {
        this.name = name;
        this.classes = classes;
        this.seed = seed;
    }

    /**
     * The network that {@code text} describes, its weights drawn with {@code seed}.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    public static Graph parse(String name, String text, int classes, long seed) {
        return new NetworkText(name, classes, seed).parse(text);
    }

    private Graph parse(String text) {
        NetworkBuilder builder = null;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String layer = line.replaceFirst("#.*", "").strip();
            if (layer.isEmpty()) {
                continue;
            }
            List<String> words = Arrays.asList(layer.split("\\s+"));
            try {
                builder = builder == null ? begun(words) : with(builder, words);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s, line %d: '%s': %s".formatted(name, number, layer, e.getMessage()), e);
            }
        }
        if (builder == null) {
            throw new IllegalArgumentException(name + ": expected 'input 3x32x32' and layers");
        }
        return builder.build();
    }

    private NetworkBuilder begun(List<String> words) {
        if (!words.getFirst().equals("input")) {
            throw new IllegalArgumentException("expected 'input 3x32x32' first");
        }
        count(words, 1);
        long[] extents =
                Arrays.stream(words.get(1).split("x")).mapToLong(Long::parseLong).toArray();
        return new NetworkBuilder(name, seed, extents);
    }

    private NetworkBuilder with(NetworkBuilder b, List<String> words) {
        switch (words.getFirst()) {
            case "conv", "bareconv", "batchnorm", "linear" -> weighted(b, words);
            case "relu", "flatten", "globalaverage" -> plain(b, words);
            case "maxpool", "averagepool", "save", "add", "from" -> other(b, words);
            default -> throw new IllegalArgumentException("there is no such layer");
        }
        return b;
    }

    private void weighted(NetworkBuilder b, List<String> words) {
        String layer = words.size() > 1 ? words.get(1) : "";
        switch (words.getFirst()) {
            case "batchnorm" -> {
                count(words, 1);
                b.batchNorm(layer);
            }
            case "linear" -> {
                count(words, 2);
                b.linear(layer, outputs(words.get(2)));
            }
            default -> {
                count(words, 3);
                Window window = Window.parse(words.get(3));
                int outputs = outputs(words.get(2));
                if (words.getFirst().equals("conv")) {
                    b.conv(layer, outputs, window);
                } else {
                    b.bareConv(layer, outputs, window);
                }
            }
        }
    }

    private static void plain(NetworkBuilder b, List<String> words) {
        count(words, 0);
        switch (words.getFirst()) {
            case "relu" -> b.relu();
            case "flatten" -> b.flatten();
            default -> b.globalAverage();
        }
    }

    private void other(NetworkBuilder b, List<String> words) {
        count(words, 1);
        String word = words.get(1);
        switch (words.getFirst()) {
            case "maxpool" -> b.maxPool(Window.parse(word));
            case "averagepool" -> b.averagePool(Window.parse(word));
            case "save" -> saved.put(word, b.at());
            case "add" -> b.add(saved(word));
            default -> b.from(saved(word));
        }
    }

    private Node saved(String value) {
        Node node = saved.get(value);
        if (node == null) {
            throw new IllegalArgumentException("no value is called so: save it first");
        }
        return node;
    }

    private int outputs(String word) {
        return word.equals("classes") ? classes : Integer.parseInt(word);
    }

    private static void count(List<String> words, int expected) {
        if (words.size() != expected + 1) {
            throw new IllegalArgumentException(
                    "expected %d words after %s".formatted(expected, words.getFirst()));
        }
    }
}
