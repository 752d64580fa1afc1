package org.cinnabar.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.cinnabar.frontend.ImportOptions;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.loop.Kernel;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.passes.lower.Chain;
import org.cinnabar.passes.lower.Group;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Tiles;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Port;

/**
 * A model under measurement.
 *
 * @param file the ONNX file
 * @param options how it was compiled
 * @param compiled what the compiler made of it
 * @param compileSeconds how long that took
 * @param inputs values for its inputs
 */
record Subject(
        Path file,
        Options options,
        Compiled compiled,
        double compileSeconds,
        List<float[]> inputs) {
    /**
     * What a program computes in each of its steps.
     *
     * @param labels the name of each step, in order; several may share one
     * @param together for the name of steps that compute several layers, the layers' names
     * @param layers for each node of the model, the name of the steps that compute it
     */
    record Steps(
            List<String> labels, Map<String, List<String>> together, Map<String, String> layers) {}

    static Subject of(Path file, Options options) {
        long begin = System.nanoTime();
        Compiled compiled = Compiler.compile(file, options);
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<float[]> inputs = TestImage.inputs(file, compiled.signature().inputs());
        return new Subject(file, options, compiled, seconds, inputs);
    }

    String name() {
        return compiled.signature().name();
    }

    /** Where time goes in the program that runs here. */
    Steps steps() {
        int lanes = Math.max(1, Lanes.preferred());
        Target target =
                Target.ALL.stream().filter(t -> t.lanes() == lanes).findFirst().orElseThrow();
        Graph imported = Compiler.read(file, imports()).graph();
        Schedule schedule =
                Schedule.of(Compiler.simplify(imported, new PassTrace()), options.selection());
        List<String> labels =
                schedule.kernels(new Tiles(target, schedule.macs())).stream()
                        .map(Kernel::label)
                        .toList();
        Map<String, List<String>> together = new HashMap<>();
        for (Chain chain : schedule.chains()) {
            together.put(chain.label(), chain.groups().stream().map(Group::label).toList());
        }
        return new Steps(labels, together, layers(imported, schedule.chains()));
    }

    /** The shapes that the model was compiled for. */
    private ImportOptions imports() {
        ImportOptions imports = options.imports();
        for (Port port : compiled.signature().inputs()) {
            String shape =
                    port.shape().stream().map(String::valueOf).collect(Collectors.joining("x"));
            imports = imports.withShape(port.name() + "=" + shape);
        }
        return imports;
    }

    /** A node that has vanished is computed with its first operand. */
    private static Map<String, String> layers(Graph imported, List<Chain> chains) {
        Map<String, String> layers = new HashMap<>();
        for (Chain chain : chains) {
            for (Group group : chain.groups()) {
                group.members().forEach(node -> layers.put(node.origin().node(), chain.label()));
            }
        }
        for (Node node : imported.nodes()) {
            String layer = node.in().isEmpty() ? null : layers.get(node.in(0).origin().node());
            if (layer != null) {
                layers.putIfAbsent(node.origin().node(), layer);
            }
        }
        return layers;
    }
}
