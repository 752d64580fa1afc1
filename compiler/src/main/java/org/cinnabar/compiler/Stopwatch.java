package org.cinnabar.compiler;

import java.lang.constant.ClassDesc;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.emit.ProgramEmitter;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Tiles;
import org.cinnabar.runtime.Program;

/** Times generated code on this machine, on one thread. */
final class Stopwatch {
    private static final long WARM_UP_NANOS = 1_500_000_000;
    private static final int SAMPLES = 31;

    private final Target target;
    private final float[] flushed;

    /**
     * Measures code for {@code target}; before every sample {@code coldBytes} of other memory are
     * written, as the rest of a network would.
     */
    Stopwatch(Target target, int coldBytes) {
        this.target = target;
        this.flushed = new float[coldBytes / Float.BYTES];
    }

    /** Median seconds of the steps of {@code graph} with {@code label}. */
    double seconds(Graph graph, Selection selection, String label) {
        return sorted(graph, selection, label)[SAMPLES / 2];
    }

    /** The least seconds, which no other work on the machine has a part in. */
    double leastSeconds(Graph graph, Selection selection, String label) {
        return sorted(graph, selection, label)[0];
    }

    private double[] sorted(Graph graph, Selection selection, String label) {
        Schedule schedule = Schedule.of(graph, selection);
        List<Kernel> kernels = schedule.kernels(new Tiles(target, schedule.macs()));
        Program program = program(kernels);
        List<float[]> pieces = schedule.weights();
        FloatBuffer weights =
                FloatBuffer.allocate(pieces.stream().mapToInt(piece -> piece.length).sum());
        pieces.forEach(weights::put);
        float[] arena = new float[schedule.arenaLength() + program.own()];
        for (int i = 0; i < arena.length; i++) {
            arena[i] = i % 13 - 6;
        }
        long end = System.nanoTime() + WARM_UP_NANOS;
        do {
            sample(program, kernels, label, arena, weights.array());
        } while (System.nanoTime() < end);
        double[] samples = new double[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            for (int k = 0; k < flushed.length; k += Target.LANES_16.lanes()) {
                flushed[k] = i;
            }
            samples[i] = sample(program, kernels, label, arena, weights.array());
        }
        Arrays.sort(samples);
        return samples;
    }

    private static double sample(
            Program program, List<Kernel> kernels, String label, float[] arena, float[] weights) {
        long nanos = 0;
        for (int step = 0; step < program.steps(); step++) {
            long begin = System.nanoTime();
            program.run(step, 0, program.tasks(step), arena.length - program.own(), arena, weights);
            if (kernels.get(step).label().equals(label)) {
                nanos += System.nanoTime() - begin;
            }
        }
        return nanos / 1e9;
    }

    private Program program(List<Kernel> kernels) {
        ClassModel model =
                ProgramEmitter.emit(
                        ClassDesc.of("cinnabar.models.measured", "Layer"),
                        ClassDesc.ofDescriptor(Program.class.descriptorString()),
                        kernels,
                        target.lanes());
        int lanes = target.lanes() == 1 ? 0 : target.lanes();
        return LoadedModel.program(
                new Variant(lanes, model.name(), Map.of(model.name(), model.toBytes())));
    }
}
