package org.cinnabar.compiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Op;
import org.cinnabar.ir.Origin;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.Linear;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.passes.lower.Lowering;
import org.cinnabar.passes.lower.Lowerings;
import org.cinnabar.passes.lower.Machine;
import org.cinnabar.passes.lower.Selection;

/**
 * Measures the constants of this machine by layers whose time depends on little else, in a few
 * seconds. The last cache is taken to be as usual, for others share it. Instructions are taken to
 * be as much faster as multiply-adds are.
 */
final class Calibration {
    private static final String LABEL = "layer";

    private static final Path SECOND_LEVEL =
            Path.of("/sys/devices/system/cpu/cpu0/cache/index2/size");

    /** Differences below this are noise. */
    private static final double LEAST_SECONDS = 1e-7;

    private final Stopwatch stopwatch = new Stopwatch(Tuner.target(), 0);

    private Calibration() {}

    /**
     * This machine.
     *
     * @throws CompileException if this JVM runs no vectors
     */
    static Machine measure() {
        return new Calibration().machine();
    }

    private Machine machine() {
        Machine typical = Machine.DEFAULT;
        Node dense = conv(128, 28);
        double multiplyAdds =
                lowering("direct").work(dense).multiplyAdds() / seconds(dense, "direct");
        double near = nearCache();
        double last = typical.lastCache();
        double fits = last / 8;
        double exceeds = 3 * last;
        double most = Float.BYTES * multiplyAdds;
        double cache = rate(Machine.missing(fits, near), waiting(fits, multiplyAdds), most);
        double far = Machine.missing(exceeds, last);
        double nearer = (Machine.missing(exceeds, near) - far) / cache;
        double memory = rate(far, waiting(exceeds, multiplyAdds) - nearer, cache);
        return new Machine(
                multiplyAdds,
                typical.instructions() * multiplyAdds / typical.multiplyAdds(),
                cache,
                memory,
                decodings(),
                typical.callSeconds(),
                near,
                last);
    }

    /** Size of the second-level cache, where the system tells it. */
    private static double nearCache() {
        try {
            String size = Files.readString(SECOND_LEVEL).strip();
            return Integer.parseInt(size.replace("K", "")) * 1024.0;
        } catch (IOException | NumberFormatException _) {
            return Machine.DEFAULT.nearCache();
        }
    }

    /** By a layer whose weights stay in the cache, decoded and as they are. */
    private double decodings() {
        Node few =
                layer(new Conv(Window.square(1, 1, 0), 1), TensorType.f32(1, 256, 7, 7), 256, 256);
        double more = seconds(few, "direct-fp24") - seconds(few, "direct");
        return lowering("direct-fp24").work(few).decodings() / Math.max(more, LEAST_SECONDS);
    }

    private static Lowering lowering(String name) {
        return Lowerings.all().stream()
                .filter(lowering -> lowering.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Bytes per second of which {@code part} takes {@code seconds}; at most {@code most}. */
    private static double rate(double part, double seconds, double most) {
        return seconds * most > part ? part / seconds : most;
    }

    /**
     * Seconds for each byte of a square matrix of {@code bytes} times a vector, beyond those that
     * multiply-adds take.
     */
    private double waiting(double bytes, double multiplyAdds) {
        int extent = (int) Math.sqrt(bytes / Float.BYTES);
        Node y = layer(new Linear(), TensorType.f32(1, extent), extent, extent);
        double numbers = (double) extent * extent;
        return (seconds(y, "gemm") - numbers / multiplyAdds) / (Float.BYTES * numbers);
    }

    private static Node conv(int channels, int extent) {
        return layer(
                new Conv(Window.square(3, 1, 1), 1),
                TensorType.f32(1, channels, extent, extent),
                channels,
                channels * 9);
    }

    private static Node layer(Op op, TensorType type, int rows, int columns) {
        GraphBuilder b = new GraphBuilder();
        float[] weights = new float[Math.multiplyExact(rows, columns)];
        Node w = b.weight(new Matrix(F32.of(weights, rows, columns)));
        return b.at(new Origin(LABEL, "")).node(op, b.input("x", type), w);
    }

    private double seconds(Node y, String lowering) {
        Graph graph = new Graph("layer", List.of(y.in(0)), List.of(new Graph.Output("y", y)));
        Selection.Request request = new Selection.Request("*", lowering);
        return stopwatch.leastSeconds(graph, Selection.DEFAULT.with(request), LABEL);
    }
}
