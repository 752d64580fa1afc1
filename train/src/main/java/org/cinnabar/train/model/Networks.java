package org.cinnabar.train.model;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.op.Window;

/** Well-known networks by name, with fresh weights. */
public final class Networks {
    private interface Network {
        Graph build(NetworkBuilder builder, int classes);
    }

    private record Entry(List<Integer> input, Network network) {}

    private static final List<Integer> DIGIT = List.of(1, 28, 28);
    private static final List<Integer> PHOTO = List.of(3, 32, 32);

    private static final Map<String, Entry> ALL =
            new TreeMap<>(
                    Map.of(
                            "lenet-300-100",
                            new Entry(DIGIT, (b, n) -> perceptron(b, n, 300, 100)),
                            "lenet-5",
                            new Entry(DIGIT, Networks::lenet5),
                            "fashion-small",
                            new Entry(DIGIT, Networks::fashionSmall),
                            "hashed-3",
                            new Entry(DIGIT, (b, n) -> perceptron(b, n, 1000)),
                            "hashed-5",
                            new Entry(DIGIT, (b, n) -> perceptron(b, n, 1000, 1000, 1000)),
                            "bnn-mlp",
                            new Entry(DIGIT, Networks::bnnMlp),
                            "cifar-quick",
                            new Entry(PHOTO, Networks::cifarQuick),
                            "vgg-small",
                            new Entry(PHOTO, Networks::vggSmall),
                            "resnet-8",
                            new Entry(PHOTO, (b, n) -> resnet(b, n, 1)),
                            "resnet-20",
                            new Entry(PHOTO, (b, n) -> resnet(b, n, 3))));

    private Networks() {}

    /** The names there are. */
    public static List<String> names() {
        return List.copyOf(ALL.keySet());
    }

    /**
     * The network {@code name} for {@code classes} classes, its weights drawn with {@code seed}.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Graph named(String name, int classes, long seed) {
        Entry entry = ALL.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(
                    "expected a network, one of " + names() + ", got '" + name + "'");
        }
        long[] extents = entry.input().stream().mapToLong(Integer::longValue).toArray();
        return entry.network().build(new NetworkBuilder(name, seed, extents), classes);
    }

    private static Window window(String text) {
        return Window.parse(text);
    }

    private static Graph perceptron(NetworkBuilder builder, int classes, int... hidden) {
        builder.flatten();
        int layer = 1;
        for (int width : hidden) {
            builder.linear("fc" + layer++, width).relu();
        }
        return builder.linear("fc" + layer, classes).build();
    }

    /** LeNet-5 as distributed with Caffe. */
    private static Graph lenet5(NetworkBuilder builder, int classes) {
        return builder.conv("conv1", 20, window("5x5"))
                .maxPool(window("2x2/2"))
                .conv("conv2", 50, window("5x5"))
                .maxPool(window("2x2/2"))
                .flatten()
                .linear("fc1", 500)
                .relu()
                .linear("fc2", classes)
                .build();
    }

    private static Graph fashionSmall(NetworkBuilder builder, int classes) {
        return builder.bareConv("conv1", 32, window("3x3+1"))
                .batchNorm("norm1")
                .relu()
                .maxPool(window("2x2/2"))
                .bareConv("conv2", 64, window("3x3+1"))
                .batchNorm("norm2")
                .relu()
                .maxPool(window("2x2/2"))
                .flatten()
                .linear("fc1", 128)
                .relu()
                .linear("fc2", classes)
                .build();
    }

    /** Courbariaux and Bengio's perceptron for MNIST, at a quarter of its width. */
    private static Graph bnnMlp(NetworkBuilder builder, int classes) {
        builder.flatten();
        for (int layer = 1; layer <= 3; layer++) {
            builder.linear("fc" + layer, 1024).batchNorm("norm" + layer).relu();
        }
        return builder.linear("fc4", classes).build();
    }

    /** CIFAR-10 quick as distributed with Caffe. */
    private static Graph cifarQuick(NetworkBuilder builder, int classes) {
        return builder.conv("conv1", 32, window("5x5+2"))
                .maxPool(window("3x3/2+0:1"))
                .relu()
                .conv("conv2", 32, window("5x5+2"))
                .relu()
                .averagePool(window("3x3/2+0:1"))
                .conv("conv3", 64, window("5x5+2"))
                .relu()
                .averagePool(window("3x3/2+0:1"))
                .flatten()
                .linear("fc1", 64)
                .linear("fc2", classes)
                .build();
    }

    /** Pairs of 3×3 convolutions of 64, 128 and 256 channels, each pair followed by pooling. */
    private static Graph vggSmall(NetworkBuilder builder, int classes) {
        int layer = 1;
        for (int channels : new int[] {64, 128, 256}) {
            for (int i = 0; i < 2; i++, layer++) {
                builder.bareConv("conv" + layer, channels, window("3x3+1"))
                        .batchNorm("norm" + layer)
                        .relu();
            }
            builder.maxPool(window("2x2/2"));
        }
        return builder.flatten().linear("fc1", 512).relu().linear("fc2", classes).build();
    }

    /** He et al.'s residual networks for CIFAR-10, projections where the extents change. */
    private static Graph resnet(NetworkBuilder builder, int classes, int blocks) {
        builder.bareConv("stem", 16, window("3x3+1")).batchNorm("stem.norm").relu();
        for (int stage = 1; stage <= 3; stage++) {
            int channels = 8 << stage;
            for (int block = 1; block <= blocks; block++) {
                boolean shrinks = stage > 1 && block == 1;
                residual(builder, "stage%d.%d".formatted(stage, block), channels, shrinks);
            }
        }
        return builder.globalAverage().linear("fc", classes).build();
    }

    private static void residual(
            NetworkBuilder builder, String name, int channels, boolean shrinks) {
        Node x = builder.at();
        Node shortcut = x;
        if (shrinks) {
            shortcut =
                    builder.bareConv(name + ".short", channels, window("1x1/2"))
                            .batchNorm(name + ".short.norm")
                            .at();
        }
        builder.from(x)
                .bareConv(name + ".conv1", channels, window(shrinks ? "3x3/2+1" : "3x3+1"))
                .batchNorm(name + ".norm1")
                .relu()
                .bareConv(name + ".conv2", channels, window("3x3+1"))
                .batchNorm(name + ".norm2")
                .add(shortcut)
                .relu();
    }
}
