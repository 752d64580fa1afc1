package org.cinnabar.codegen;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.constant.ClassDesc;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.emit.ProgramEmitter;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.op.Input;
import org.cinnabar.passes.lower.Lowering;
import org.cinnabar.passes.lower.Lowerings;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Tiles;
import org.cinnabar.runtime.Program;

/** A graph compiled for one target and loaded, without a jar around it. */
public final class CompiledGraph {
    /** Ranges of tasks that have memory of their own; further ones use it again. */
    private static final int PARTS = 2;

    private final Schedule schedule;
    private final Program program;
    private final float[] weights;
    private final float[] arena;
    private final String source;

    private CompiledGraph(Schedule schedule, Target target) {
        this.schedule = schedule;
        Tiles tiles = new Tiles(target, schedule.macs());
        List<Kernel> kernels = schedule.kernels(tiles);
        ClassDesc name = ClassDesc.of("compiled", "Lanes" + target.lanes());
        ClassModel model =
                ProgramEmitter.emit(
                        name,
                        Program.class.describeConstable().orElseThrow(),
                        kernels,
                        target.lanes());
        this.source = model.render();
        this.program = load(model);
        List<float[]> pieces = schedule.weights();
        FloatBuffer together =
                FloatBuffer.allocate(pieces.stream().mapToInt(piece -> piece.length).sum());
        pieces.forEach(together::put);
        this.weights = together.array();
        this.arena = new float[schedule.arenaLength() + PARTS * program.own()];
        // What an earlier inference left behind must not matter.
        Arrays.fill(arena, Float.NaN);
    }

    public static CompiledGraph of(Graph graph, Target target) {
        return of(graph, Selection.DEFAULT, target);
    }

    public static CompiledGraph of(Graph graph, Selection selection, Target target) {
        return new CompiledGraph(Schedule.of(graph, selection), target);
    }

    private static Program load(ClassModel model) {
        byte[] bytes = model.toBytes();
        assertThat(Discipline.violations(bytes)).isEmpty();
        ClassLoader loader =
                new ClassLoader(Program.class.getClassLoader()) {
                    @Override
                    protected Class<?> findClass(String name) {
                        return defineClass(name, bytes, 0, bytes.length);
                    }
                };
        try {
            Class<?> type =
                    loader.loadClass(model.name().packageName() + "." + model.name().displayName());
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Program) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** The generated class as Java. */
    public String source() {
        return source;
    }

    public Program program() {
        return program;
    }

    private int own(int part) {
        return arena.length - (part + 1) * program.own();
    }

    /** Runs one step on what is there. */
    public void step(int step) {
        program.run(step, 0, program.tasks(step), own(0), arena, weights);
    }

    /** Runs all steps, each in {@code parts} pieces, and returns the outputs by name. */
    public Map<String, float[]> run(Map<String, float[]> inputs, int parts) {
        for (Schedule.Port port : schedule.inputs()) {
            float[] values = requireNonNull(inputs.get(port.name()));
            System.arraycopy(values, 0, arena, port.offset(), values.length);
        }
        for (int step = 0; step < program.steps(); step++) {
            int tasks = program.tasks(step);
            for (int part = 0; part < parts; part++) {
                program.run(
                        step,
                        tasks * part / parts,
                        tasks * (part + 1) / parts,
                        own(part % PARTS),
                        arena,
                        weights);
            }
        }
        Map<String, float[]> outputs = new LinkedHashMap<>();
        for (Schedule.Port port : schedule.outputs()) {
            int count = port.extents().stream().reduce(1, Math::multiplyExact);
            float[] values = new float[count];
            System.arraycopy(arena, port.offset(), values, 0, count);
            outputs.put(port.name(), values);
        }
        return outputs;
    }

    /**
     * Asserts for every target that {@code graph} computes on random inputs what the interpreter
     * computes, up to {@code tolerance} of the largest value, bit for bit the same however the
     * tasks are split and run after run.
     */
    public static void assertComputesLikeInterpreter(Graph graph, double tolerance) {
        assertComputesLikeInterpreter(graph, Selection.DEFAULT.withMaxError(tolerance), tolerance);
    }

    /**
     * The same with lowering {@code name} wherever it can be, within the error that it declares for
     * its worst layer.
     */
    public static void assertKeepsItsError(Graph graph, String name) {
        Lowering lowering = lowering(name);
        double error =
                graph.nodes().stream()
                        .filter(lowering::accepts)
                        .mapToDouble(lowering::error)
                        .max()
                        .orElseThrow();
        Selection.Request request = new Selection.Request("*", name);
        assertComputesLikeInterpreter(graph, Selection.DEFAULT.with(request), error);
    }

    /** The lowering called {@code name}. */
    public static Lowering lowering(String name) {
        return Lowerings.all().stream()
                .filter(lowering -> lowering.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The same with the lowerings that {@code selection} chooses. */
    public static void assertComputesLikeInterpreter(
            Graph graph, Selection selection, double tolerance) {
        Random random = new Random(7);
        Map<String, float[]> floats = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Node input : graph.inputs()) {
            float[] values = new float[input.shape().count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            String name = ((Input) input.op()).name();
            floats.put(name, values);
            tensors.put(name, Tensor.f32(input.shape(), values));
        }
        Map<String, Tensor> expected = Interpreter.run(graph, tensors);
        List<String> failures = new ArrayList<>();
        for (Target target : Target.ALL) {
            CompiledGraph compiled = of(graph, selection, target);
            Map<String, float[]> seen = compiled.run(floats, 1);
            expected.forEach(
                    (name, tensor) -> {
                        double error =
                                relativeError(requireNonNull(seen.get(name)), tensor.toDoubles());
                        if (!(error <= tolerance)) {
                            failures.add(
                                    "%d lanes, output %s: error %.2e over %.1e%n%s"
                                            .formatted(
                                                    target.lanes(),
                                                    name,
                                                    error,
                                                    tolerance,
                                                    compiled.source()));
                        }
                    });
            for (int parts : new int[] {1, 2, 3, 7}) {
                Map<String, float[]> again = compiled.run(floats, parts);
                seen.forEach(
                        (name, values) ->
                                assertThat(again.get(name))
                                        .as(
                                                "%s with %d lanes in %d parts",
                                                name, target.lanes(), parts)
                                        .isEqualTo(values));
            }
        }
        assertThat(failures).isEmpty();
    }

    /** Largest error over largest magnitude. */
    public static double relativeError(float[] seen, double[] expected) {
        double worst = 0;
        double scale = 1e-30;
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(seen[i] - expected[i]);
            worst = Double.isNaN(error) ? Double.NaN : Math.max(worst, error);
            if (Double.isNaN(worst)) {
                return worst;
            }
            scale = Math.max(scale, Math.abs(expected[i]));
        }
        return worst / scale;
    }
}
