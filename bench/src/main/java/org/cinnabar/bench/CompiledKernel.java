package org.cinnabar.bench;

import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.emit.ProgramEmitter;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.passes.Pipelines;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Tiles;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Program;

/** A small graph as a program, with memory that holds its inputs. */
final class CompiledKernel {
    private final Program program;
    private final float[] arena;
    private final float[] weights;
    private final Schedule.Port output;

    /** {@code graph} with vectors of {@code lanes} floats; 1 for scalar code. */
    CompiledKernel(Graph graph, int lanes) {
        Target target =
                Target.ALL.stream().filter(t -> t.lanes() == lanes).findFirst().orElseThrow();
        Schedule schedule =
                Schedule.of(Pipelines.CANONICALIZE.run(graph, new PassTrace()), Selection.DEFAULT);
        program =
                program(
                        "Kernel" + lanes,
                        schedule.kernels(new Tiles(target, schedule.macs())),
                        lanes);
        weights = joined(schedule.weights());
        arena = new float[schedule.arenaLength() + program.own()];
        output = schedule.outputs().getFirst();
        for (Schedule.Port input : schedule.inputs()) {
            Port port = new Port(input.name(), input.extents(), input.offset());
            float[] values = TestImage.image(port, new Random(1));
            System.arraycopy(values, 0, arena, port.offset(), values.length);
        }
    }

    /** The class {@code name} with {@code kernels}, loaded. */
    static Program program(String name, List<Kernel> kernels, int lanes) {
        ClassModel emitted =
                ProgramEmitter.emit(
                        ClassDesc.of("cinnabar.models.kernels", name),
                        Program.class.describeConstable().orElseThrow(),
                        kernels,
                        lanes);
        Map<ClassDesc, byte[]> classes = Map.of(emitted.name(), emitted.toBytes());
        return new GeneratedCode(new Variant(lanes == 1 ? 0 : lanes, emitted.name(), classes))
                .program();
    }

    /** All of {@code pieces} in one array. */
    static float[] joined(List<float[]> pieces) {
        float[] all = new float[pieces.stream().mapToInt(piece -> piece.length).sum()];
        int length = 0;
        for (float[] piece : pieces) {
            System.arraycopy(piece, 0, all, length, piece.length);
            length += piece.length;
        }
        return all;
    }

    /** Computes the output once. */
    void run() {
        for (int step = 0; step < program.steps(); step++) {
            program.run(step, 0, program.tasks(step), arena.length - program.own(), arena, weights);
        }
    }

    /** The output of the last run. */
    float[] output() {
        int count = output.extents().stream().reduce(1, Math::multiplyExact);
        float[] values = new float[count];
        System.arraycopy(arena, output.offset(), values, 0, count);
        return values;
    }
}
