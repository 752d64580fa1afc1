package org.cinnabar.train;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Constructor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.emit.ProgramEmitter;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.passes.Pipelines;
import org.cinnabar.passes.gradients.Recomputation;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Tiles;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Program;
import org.cinnabar.runtime.Workspace;

/**
 * A graph as code of this JVM with memory of its own. Values stay where they are between runs;
 * outputs that are the next values of inputs lie at the same place.
 */
public final class CompiledStep {
    private final Map<String, Schedule.Port> ports = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private final Workspace workspace;

    /**
     * What a kernel does.
     *
     * @param label the node that it is about
     * @param kind the op, or {@code Layout}
     * @param lowering how it is computed
     */
    public record Part(String label, String kind, String lowering) {}

    private CompiledStep(Graph graph, Map<String, String> state, StepOptions options, int threads) {
        Graph canonical = Pipelines.CANONICALIZE.run(graph);
        if (options.recompute()) {
            canonical = new Recomputation().run(canonical);
        }
        Schedule schedule = Schedule.of(canonical, options.selection(), state);
        schedule.inputs().forEach(port -> ports.put(port.name(), port));
        schedule.outputs().forEach(port -> ports.put(port.name(), port));
        Target target = target();
        Tiles tiles = new Tiles(target, schedule.macs());
        List<Kernel> kernels = new ArrayList<>();
        for (Schedule.Step step : schedule.steps()) {
            for (Kernel kernel : step.kernels().apply(tiles)) {
                kernels.add(kernel);
                parts.add(new Part(kernel.label(), step.kind(), step.lowering()));
            }
        }
        this.workspace =
                new Workspace(
                        load(kernels, target), weights(schedule), schedule.arenaLength(), threads);
    }

    /** Compiles {@code step} for {@code threads} threads. */
    public static CompiledStep of(StepGraph step, int threads) {
        return new CompiledStep(step.graph(), step.state(), step.options(), threads);
    }

    /** Compiles {@code graph}, whose shapes are known. */
    public static CompiledStep of(Graph graph, int threads) {
        return new CompiledStep(graph, Map.of(), StepOptions.DEFAULT, threads);
    }

    private static Target target() {
        int lanes = Math.max(1, Lanes.preferred());
        return Target.ALL.stream()
                .filter(target -> target.lanes() == lanes)
                .findFirst()
                .orElse(Target.SCALAR);
    }

    private static float[] weights(Schedule schedule) {
        int length = schedule.weights().stream().mapToInt(piece -> piece.length).sum();
        FloatBuffer weights = FloatBuffer.allocate(length);
        schedule.weights().forEach(weights::put);
        return weights.array();
    }

    private static Program load(List<Kernel> kernels, Target target) {
        ClassDesc name = ClassDesc.of("cinnabar.training", "Step");
        ClassDesc superclass = ClassDesc.ofDescriptor(Program.class.descriptorString());
        ClassModel model = ProgramEmitter.emit(name, superclass, kernels, target.lanes());
        byte[] bytes = model.toBytes();
        ClassLoader loader =
                new ClassLoader(Program.class.getClassLoader()) {
                    @Override
                    protected Class<?> findClass(String className) {
                        return defineClass(className, bytes, 0, bytes.length);
                    }
                };
        try {
            Constructor<?> constructor =
                    loader.loadClass("cinnabar.training.Step").getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Program) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the generated step does not load", e);
        }
    }

    /** Runs the step once. */
    public void run() {
        workspace.run();
    }

    /** What every kernel does, in their order. */
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /** The memory and the program. */
    public Workspace workspace() {
        return workspace;
    }

    /** Numbers in the arena. */
    public int arenaLength() {
        return workspace.arena().length;
    }

    private Schedule.Port port(String name) {
        Schedule.Port port = ports.get(name);
        if (port == null) {
            throw new IllegalArgumentException(
                    "no value is called '" + name + "', only " + ports.keySet());
        }
        return port;
    }

    private static int count(Schedule.Port port) {
        return port.extents().stream().reduce(1, Math::multiplyExact);
    }

    /** Whether there is an input or output {@code name}. */
    public boolean has(String name) {
        return ports.containsKey(name);
    }

    /** Lays {@code values}, row-major, into the value {@code name}; rejects another number. */
    public void set(String name, float... values) {
        Schedule.Port port = port(name);
        if (values.length != count(port)) {
            throw new IllegalArgumentException(
                    name + " holds " + count(port) + " numbers, got " + values.length);
        }
        System.arraycopy(values, 0, workspace.arena(), port.offset(), values.length);
    }

    /** A copy of the value {@code name}, row-major. */
    public float[] get(String name) {
        Schedule.Port port = port(name);
        float[] values = new float[count(port)];
        System.arraycopy(workspace.arena(), port.offset(), values, 0, values.length);
        return values;
    }

    /** The scalar {@code name}. */
    public float number(String name) {
        return workspace.arena()[port(name).offset()];
    }
}
