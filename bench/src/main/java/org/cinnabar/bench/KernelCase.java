package org.cinnabar.bench;

import org.cinnabar.ir.Graph;
import org.cinnabar.ir.text.GraphParser;

/** Layers to measure alone: those that networks spend their time in, and odd sizes. */
public enum KernelCase {
    CONV_3X3_64_56("1,64,56,56", "64,576", "window=3x3+1 groups=1"),
    CONV_3X3_512_7("1,512,7,7", "512,4608", "window=3x3+1 groups=1"),
    CONV_3X3_37_13("1,37,13,11", "29,333", "window=3x3+1 groups=1"),
    CONV_1X1_64_256_56("1,64,56,56", "256,64", "window=1x1 groups=1"),
    CONV_1X1_1024_256_14("1,1024,14,14", "256,1024", "window=1x1 groups=1"),
    CONV_7X7_3_64_224("1,3,224,224", "64,147", "window=7x7/2+3 groups=1"),
    DEPTHWISE_144_56("1,144,56,56", "144,9", "window=3x3+1 groups=144"),
    DEPTHWISE_37_13("1,37,13,11", "37,9", "window=3x3/2+1 groups=37"),
    LINEAR_2048_1000("1,2048", "1000,2048"),
    MAX_POOL_64_112("1,64,112,112", "pool(%x) f=max window=3x3/2+1 countPadding=false"),
    MEAN_2048_7("1,2048,7,7", "reduce(%x) f=mean axes=[2,3]"),
    SIGMOID_64_56("1,64,56,56", "sigmoid(%x)"),
    ERF_384_14("1,384,14,14", "erf(%x)"),
    ADD_256_56("1,256,56,56", "add(%x, %x)");

    private final String text;

    /** A convolution with a ReLU on it. */
    KernelCase(String x, String weight, String attributes) {
        this.text =
                graph(x, "%1 = conv(%x, @w) " + attributes + "\n  %y = relu(%1)")
                        + "@w = matrix(f32["
                        + weight
                        + "] normal(seed=3))\n";
    }

    /** One operation, or with the extents of a weight in its place a fully connected layer. */
    KernelCase(String x, String operation) {
        boolean linear = Character.isDigit(operation.charAt(0));
        this.text =
                linear
                        ? graph(x, "%y = linear(%x, @w)")
                                + "@w = matrix(f32["
                                + operation
                                + "] normal(seed=3))\n"
                        : graph(x, "%y = " + operation);
    }

    private static String graph(String x, String nodes) {
        return "graph @kernel(%x: f32[" + x + "]) -> (%y) {\n  " + nodes + "\n}\n";
    }

    Graph graph() {
        return GraphParser.parse(text);
    }
}
