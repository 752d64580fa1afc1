package org.cinnabar.bench;

import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.passes.lower.Decision;
import org.cinnabar.passes.lower.Fusion;
import org.cinnabar.passes.lower.Selection;

/**
 * A convolution with as many output channels as input channels, stride 1 and a map that keeps its
 * size.
 *
 * @param kernel the side of its kernel
 * @param channels of the input and of the output
 * @param map the side of the map
 */
record SweepLayer(int kernel, int channels, int map) {
    /** The label of its steps. */
    static final String LABEL = "layer";

    /** It alone, a canonical graph. */
    Graph graph() {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(1, channels, map, map));
        int depth = channels * kernel * kernel;
        float[] weights = new float[Math.multiplyExact(channels, depth)];
        fill(weights);
        Node w = b.weight(new Matrix(F32.of(weights, channels, depth)));
        Conv conv = new Conv(Window.square(kernel, 1, kernel / 2), 1);
        Node y = b.at(new Origin(LABEL, "")).node(conv, x, w);
        return new Graph(LABEL, List.of(x), List.of(new Graph.Output("y", y)));
    }

    /** Small whole numbers of both signs. */
    static void fill(float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i % 13 - 6;
        }
    }

    /** What {@code selection} decides about it. */
    static Decision decision(Graph graph, Selection selection) {
        return Fusion.groups(graph, selection).getFirst().decision();
    }
}
