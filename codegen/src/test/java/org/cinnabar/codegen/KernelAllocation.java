package org.cinnabar.codegen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import jdk.incubator.vector.FloatVector;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.GraphBuilder;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.TensorType;
import org.cinnabar.ir.op.Binary;
import org.cinnabar.ir.op.Concat;
import org.cinnabar.ir.op.Conv;
import org.cinnabar.ir.op.MatMul;
import org.cinnabar.ir.op.Pool;
import org.cinnabar.ir.op.Reduce;
import org.cinnabar.ir.op.Transpose;
import org.cinnabar.ir.op.Unary;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.weights.F32;
import org.cinnabar.ir.weights.Matrix;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compiled kernels do not allocate: a vector that the JIT has to box shows here, long before it
 * shows as time.
 *
 * <p>A subclass for each width, since each needs a JVM of its own, as it has in use: with vectors
 * of several widths the JIT no longer sees one receiver in the JDK's own methods, and whether it
 * inlines them is left to chance. So {@code -Dtest} has to name one width. The JVM has the options
 * that a jar starts its own with, too: where the JIT first watches a kernel for a while, it guesses
 * receivers from what it saw once a kernel has grown large, and may leave boxes behind that no one
 * reads.
 */
abstract class KernelAllocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 1_000;
    private static final int TOUCHES = 12;

    private final int lanes;

    KernelAllocation(int lanes) {
        this.lanes = lanes;
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "direct-int16", "winograd4", "winograd2-int16", "fft16"})
    void allocatesNothingOnceCompiled(String lowering) {
        int widest = FloatVector.SPECIES_PREFERRED.length();
        assumeTrue(lanes <= widest, () -> "this machine has vectors of " + widest + " floats");
        Target target =
                Target.ALL.stream().filter(t -> t.lanes() == lanes).findFirst().orElseThrow();
        Selection selection =
                Selection.DEFAULT
                        .with(Selection.Request.parse("*=depthwise"))
                        .with(Selection.Request.parse("*=" + lowering));
        long[] least = least(CompiledGraph.of(network(), selection, target));
        assertThat(least).as("bytes of each step").containsOnly(0);
    }

    /** Bytes that each step allocates once the JIT is done; all code has run before it begins. */
    private static long[] least(CompiledGraph compiled) {
        float[] scratch = new float[compiled.program().scratch()];
        for (int i = 0; i < compiled.program().touches() * TOUCHES; i++) {
            compiled.program().touch(i / TOUCHES, scratch);
        }
        Map<String, float[]> inputs = Map.of("x", new float[19 * 14 * 15]);
        long[] least = new long[compiled.program().steps()];
        Arrays.fill(least, Long.MAX_VALUE);
        for (int round = 0; round < ROUNDS && Arrays.stream(least).anyMatch(b -> b > 0); round++) {
            compiled.run(inputs, 1);
            for (int step = 0; step < least.length; step++) {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                compiled.step(step);
                long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                least[step] = Math.min(least[step], bytes);
            }
        }
        return least;
    }

    /** One layer for each kind of kernel. */
    private static Graph network() {
        GraphBuilder b = new GraphBuilder();
        Node x = b.input("x", TensorType.f32(1, 19, 14, 15));
        Node y = b.node(new Unary(Unary.Function.RELU), conv(b, x, 40, "3x3+1", 1));
        Node sum = b.node(new Binary(Binary.Function.ADD), conv(b, y, 40, "3x3+1", 1), y);
        Node deep = conv(b, sum, 40, "5x5/2+2", 40);
        Node wide = conv(b, deep, 40, "9x9+4", 40);
        Node tall = conv(b, conv(b, y, 96, "1x1", 1), 64, "1x1", 1);
        Node cut = conv(b, conv(b, deep, 256, "1x1", 1), 64, "3x3+1", 1);
        Node many = b.node(new Concat(1), y, y, y);
        Node positive = b.node(new Pool(Pool.Function.MAX, Window.square(3, 1, 1), false), many);
        Node pooled = b.node(new Pool(Pool.Function.MAX, Window.square(3, 2, 1), false), wide);
        Node mean = b.node(new Pool(Pool.Function.AVERAGE, Window.square(2, 1, 0), false), pooled);
        Node silu =
                b.node(
                        new Binary(Binary.Function.MUL),
                        mean,
                        b.node(new Unary(Unary.Function.SIGMOID), mean));
        Node late = conv(b, silu, 640, "1x1", 1);
        Node rows = b.node(new Reduce(Reduce.Function.MEAN, List.of(2, 3)), silu);
        Node least = b.node(new Reduce(Reduce.Function.MIN, List.of(1)), silu);
        Node turned = b.node(new Transpose(List.of(0, 1, 3, 2)), silu);
        Node product = b.node(new MatMul(), silu, turned);
        return new Graph(
                "network",
                List.of(x),
                List.of(
                        new Graph.Output("rows", rows),
                        new Graph.Output("positive", positive),
                        new Graph.Output("late", late),
                        new Graph.Output("tall", tall),
                        new Graph.Output("cut", cut),
                        new Graph.Output("least", least),
                        new Graph.Output("product", product)));
    }

    private static Node conv(GraphBuilder b, Node x, int outputs, String text, int groups) {
        Window window = Window.parse(text);
        int depth = x.shape().extent(1) / groups * window.taps();
        Matrix matrix = new Matrix(F32.of(new float[outputs * depth], outputs, depth));
        return b.node(new Conv(window, groups), x, b.weight(matrix));
    }
}
