package org.cinnabar.passes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Shape;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.op.BatchNorm;
import org.cinnabar.ir.rewrite.PassTrace;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalizeTest {
    private static final int GRAPHS = 300;

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 25})
    void keepsTheValuesOfRandomGraphs(int ops) {
        for (long seed = 0; seed < GRAPHS; seed++) {
            Graph before = RandomGraph.of(seed, ops);
            PassTrace trace = new PassTrace();

            Graph after = Pipelines.CANONICALIZE.run(before, trace);

            assertThat(after.nodes()).noneMatch(node -> node.op() instanceof BatchNorm);
            assertThat(distance(before, after, seed))
                    .as("relative error with seed %d after%n%s", seed, trace)
                    .isLessThan(1e-4);
        }
    }

    /** Largest difference of any output, relative to its largest value or 1. */
    private static double distance(Graph a, Graph b, long seed) {
        Random random = new Random(seed);
        Shape shape = a.inputs().getFirst().shape();
        float[] x = new float[shape.count()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        List<Tensor> ya = Interpreter.run(a, List.of(Tensor.f32(shape, x)));
        List<Tensor> yb = Interpreter.run(b, List.of(Tensor.f32(shape, x)));
        double worst = 0;
        for (int k = 0; k < ya.size(); k++) {
            double[] va = ya.get(k).toDoubles();
            double[] vb = yb.get(k).toDoubles();
            double scale = Math.max(1, Arrays.stream(va).map(Math::abs).max().orElse(0));
            for (int i = 0; i < va.length; i++) {
                double difference = Math.abs(va[i] - vb[i]) / scale;
                worst =
                        Double.compare(va[i], vb[i]) == 0
                                ? worst
                                : Math.max(worst, Double.isNaN(difference) ? 1 : difference);
            }
        }
        return worst;
    }
}
