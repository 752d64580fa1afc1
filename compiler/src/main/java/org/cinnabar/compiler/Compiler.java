package org.cinnabar.compiler;

import java.lang.constant.ClassDesc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.emit.ProgramEmitter;
import org.cinnabar.codegen.jar.Artefact;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.codegen.schedule.Schedule;
import org.cinnabar.frontend.Diagnostic;
import org.cinnabar.frontend.ImportException;
import org.cinnabar.frontend.ImportOptions;
import org.cinnabar.frontend.Imported;
import org.cinnabar.frontend.OnnxImporter;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Node;
import org.cinnabar.ir.rewrite.PassTrace;
import org.cinnabar.passes.Pipelines;
import org.cinnabar.passes.lower.LoweringException;
import org.cinnabar.passes.lower.Selection;
import org.cinnabar.passes.lower.Target;
import org.cinnabar.passes.lower.Tiles;
import org.cinnabar.runtime.ModelCard;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Program;
import org.cinnabar.runtime.Signature;

/** Compiles ONNX models; the steps are those of the package's description, in their order. */
public final class Compiler {
    private final Options options;
    private final Progress progress;
    private final int stages;
    private int stage;

    private Compiler(Options options, Progress progress) {
        this.options = options;
        this.progress = progress;
        this.stages = 3 + options.targets().size();
    }

    /** The compiler's version. */
    public static String version() {
        return Version.TEXT;
    }

    /**
     * The model in {@code file} as it is declared, with the shapes in {@code options}.
     *
     * @throws CompileException if the file is no ONNX model or uses what is not supported
     */
    public static Imported read(Path file, ImportOptions options) {
        try {
            return OnnxImporter.read(file, options);
        } catch (ImportException e) {
            List<String> problems =
                    e.diagnostics().stream()
                            .filter(d -> d.severity() == Diagnostic.Severity.ERROR)
                            .map(Diagnostic::toString)
                            .toList();
            throw new CompileException(problems, e);
        }
    }

    /** {@code graph} in its canonical form; {@code trace} is told what was done. */
    public static Graph simplify(Graph graph, PassTrace trace) {
        return Pipelines.CANONICALIZE.run(graph, trace);
    }

    /**
     * Compiles the model in {@code file}. A symbolic batch is compiled as 1 and stays free at run
     * time if the model computes every item on its own.
     *
     * @throws CompileException if the file is no ONNX model, uses what is not supported, or leaves
     *     shapes open
     */
    public static Compiled compile(Path file, Options options, Progress progress) {
        return new Compiler(options, progress).compile(file);
    }

    /** {@link #compile(Path, Options, Progress)} in silence. */
    public static Compiled compile(Path file, Options options) {
        return compile(file, options, Progress.SILENT);
    }

    private Compiled compile(Path file) {
        ClassDesc name = Names.type(Names.model(file), options.className());
        begin("reading " + file.getFileName());
        String hash = Provenance.sha256(file);
        Imported imported = read(file, options.imports());
        begin("simplifying");
        Shapes shapes = Shapes.of(imported.graph());
        PassTrace trace = new PassTrace();
        Graph graph = simplify(shapes.graph(), trace);
        begin("planning memory and packing weights");
        Schedule schedule = schedule(graph, options.selection());
        List<Variant> variants = new ArrayList<>();
        List<ClassModel> programs = new ArrayList<>();
        for (Target target : options.targets()) {
            begin("generating " + described(target));
            ClassModel program = program(schedule, target, name.packageName());
            int lanes = target.lanes() == 1 ? 0 : target.lanes();
            byte[] bytes = program.toBytes();
            variants.add(new Variant(lanes, program.name(), Map.of(program.name(), bytes)));
            programs.add(program);
        }
        List<float[]> weights = schedule.weights();
        Report report = report(graph, schedule, trace, weights);
        ModelCard card =
                new ModelCard(
                        Names.model(file),
                        version(),
                        hash,
                        options.text(),
                        report.macs(),
                        options.preprocessing(),
                        options.labels());
        Signature signature = signature(card.name(), schedule, shapes.batchable());
        String provenance = Provenance.text(card, imported, signature, options.targets(), report);
        Artefact artefact =
                new Artefact(name, signature, card, variants, weights, provenance, report.table());
        return new Compiled(
                artefact,
                programs,
                report,
                imported.warnings().stream().map(Diagnostic::toString).toList());
    }

    private void begin(String what) {
        progress.begin(what, stage++, stages);
    }

    private static String described(Target target) {
        return target.lanes() == 1 ? "scalar code" : "code for " + target.lanes() + " lanes";
    }

    private static Schedule schedule(Graph graph, Selection selection) {
        try {
            return Schedule.of(graph, selection);
        } catch (LoweringException e) {
            throw new CompileException(e.problems(), e);
        } catch (ArithmeticException e) {
            throw new CompileException(
                    List.of(
                            "graph "
                                    + graph.name()
                                    + ": expected sizes below 2^31, got more ("
                                    + e.getMessage()
                                    + "); give a smaller --shape"),
                    e);
        }
    }

    private static ClassModel program(Schedule schedule, Target target, String packageName) {
        String name = target.lanes() == 1 ? "Scalar" : "Vector" + target.lanes();
        return ProgramEmitter.emit(
                ClassDesc.of(packageName, name),
                ClassDesc.ofDescriptor(Program.class.descriptorString()),
                schedule.kernels(new Tiles(target, schedule.macs())),
                target.lanes());
    }

    private static Report report(
            Graph graph, Schedule schedule, PassTrace trace, List<float[]> weights) {
        Census census = Census.of(graph);
        Map<Node, Long> macs = new IdentityHashMap<>();
        census.entries().forEach(entry -> macs.put(entry.node(), entry.macs().value()));
        return new Report(
                schedule.chains().stream()
                        .flatMap(
                                chain ->
                                        chain.groups().stream()
                                                .map(g -> Report.Choice.of(g, chain, macs)))
                        .toList(),
                trace.steps(),
                census.parameters(),
                census.macs().value(),
                weights.stream().mapToLong(piece -> (long) piece.length * Float.BYTES).sum(),
                (long) schedule.arenaLength() * Float.BYTES);
    }

    private static Signature signature(String name, Schedule schedule, boolean batchable) {
        try {
            return new Signature(
                    name,
                    schedule.inputs().stream().map(Compiler::port).toList(),
                    schedule.outputs().stream().map(Compiler::port).toList(),
                    schedule.arenaLength(),
                    batchable);
        } catch (IllegalArgumentException e) {
            throw new CompileException(List.of("model " + e.getMessage()), e);
        }
    }

    private static Port port(Schedule.Port port) {
        return new Port(port.name(), port.extents(), port.offset());
    }
}
