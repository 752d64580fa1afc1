package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.jar.Artefact;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Program;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourcesTest {
    @TempDir Path folder;

    /** What javac makes of the sources of {@code compiled}, by class. */
    private Map<ClassDesc, byte[]> byJavac(Compiled compiled) throws Exception {
        Path runtime =
                Path.of(Program.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> words =
                new ArrayList<>(
                        List.of("--add-modules", "jdk.incubator.vector", "-Xlint:-incubating"));
        words.addAll(List.of("-cp", runtime.toString(), "-d", folder.toString()));
        for (ClassModel program : compiled.programs()) {
            Path source = folder.resolve(program.name().displayName() + ".java");
            words.add(Files.writeString(source, program.render()).toString());
        }
        int code =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, words.toArray(String[]::new));
        assertThat(code).isZero();
        Map<ClassDesc, byte[]> classes = new HashMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                String name = folder.relativize(file).toString().replace(File.separatorChar, '.');
                classes.put(ClassDesc.of(name.replace(".class", "")), Files.readAllBytes(file));
            }
        }
        return classes;
    }

    private static Compiled with(Compiled compiled, int lanes, Map<ClassDesc, byte[]> classes) {
        Artefact artefact = compiled.artefact();
        List<Variant> variants =
                artefact.variants().stream()
                        .filter(variant -> variant.lanes() == lanes || variant.lanes() == 0)
                        .map(
                                variant ->
                                        classes.isEmpty()
                                                ? variant
                                                : new Variant(
                                                        variant.lanes(),
                                                        variant.program(),
                                                        classes))
                        .toList();
        return new Compiled(
                new Artefact(
                        artefact.model(),
                        artefact.signature(),
                        artefact.card(),
                        variants,
                        artefact.weights(),
                        artefact.provenance(),
                        artefact.choices()),
                compiled.programs(),
                compiled.report(),
                compiled.warnings());
    }

    private static float[] run(Model model, int lanes, float[] image) {
        assertThat(model.lanes()).isEqualTo(lanes);
        float[] logits = new float[10];
        var session = model.session();
        session.input(0).bind(image);
        session.output(0).bind(logits);
        session.run();
        return logits;
    }

    @Test
    void compileToTheSameBits() throws Exception {
        Compiled compiled =
                Compiler.compile(
                        Path.of("..", "examples", "fashion", "fashion.onnx"), Options.DEFAULTS);
        Map<ClassDesc, byte[]> classes = byJavac(compiled);
        float[] image = new float[28 * 28];
        Random random = new Random(5);
        for (int i = 0; i < image.length; i++) {
            image[i] = random.nextFloat();
        }
        int most = compiled.load().lanes();
        for (int lanes : new int[] {0, 4, 8, 16}) {
            if (lanes <= most) {
                assertThat(run(with(compiled, lanes, classes).load(), lanes, image))
                        .isEqualTo(run(with(compiled, lanes, Map.of()).load(), lanes, image));
            }
        }
    }
}
