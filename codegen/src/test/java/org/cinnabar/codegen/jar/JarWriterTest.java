package org.cinnabar.codegen.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.constant.ClassDesc;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.cinnabar.runtime.ModelCard;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Preprocessing;
import org.cinnabar.runtime.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;
import org.objectweb.asm.util.CheckClassAdapter;

class JarWriterTest {
    private static final String PACKAGE = "some.tiny";
    private static final ClassDesc MODEL = ClassDesc.of(PACKAGE, "Scaled");
    private static final float[] X = {1, -2, 3, 0.5f, 0, 7, -1};
    private static final float[] Y = {6, -2, 9, 5, 5, 20, 5};

    @TempDir Path folder;

    private static Variant variant(int lanes) {
        ClassDesc name = ClassDesc.of(PACKAGE, "Lanes" + lanes);
        String from = Scale.class.getName().replace('.', '/');
        String to = PACKAGE.replace('.', '/') + "/Lanes" + lanes;
        ClassWriter writer = new ClassWriter(0);
        try (InputStream in = Scale.class.getResourceAsStream("Scale.class")) {
            new ClassReader(in)
                    .accept(
                            new ClassRemapper(writer, new SimpleRemapper(Opcodes.ASM9, from, to)),
                            0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Variant(lanes, name, Map.of(name, writer.toByteArray()));
    }

    private static Artefact artefact(ClassDesc model, int... widths) {
        return new Artefact(
                model,
                new Signature(
                        "scaled",
                        List.of(Port.of("in.put", "1x7", 0)),
                        List.of(Port.of("class", "1x7", 7)),
                        14,
                        true),
                new ModelCard(
                        "scaled", "1.0", "abc", "", 0, Preprocessing.DEFAULT, List.of("zero")),
                Arrays.stream(widths).mapToObj(JarWriterTest::variant).toList(),
                List.of(new float[] {3, 4}, new float[] {}, new float[] {0, 3.5f, 5, -1, 8}),
                "how it was made\n",
                "what could have been\n");
    }

    private Path jar(int... widths) throws IOException {
        Path jar = folder.resolve("scaled.jar");
        JarWriter.write(artefact(MODEL, widths), jar);
        return jar;
    }

    private record Outcome(int code, String out, String err) {}

    private Outcome java(String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(words));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        int code =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start()
                        .waitFor();
        return new Outcome(code, Files.readString(out), Files.readString(err));
    }

    @Test
    void writesTheSameBytesAgain() throws IOException {
        byte[] first = Files.readAllBytes(jar(0, 8));
        assertThat(Files.readAllBytes(jar(0, 8))).isEqualTo(first);
    }

    @Test
    void storesCodeCardProvenanceAndWeights() throws IOException {
        try (JarFile jar = new JarFile(jar(0, 16).toFile())) {
            List<JarEntry> entries = Collections.list(jar.entries());
            assertThat(entries)
                    .extracting(JarEntry::getName)
                    .startsWith(
                            "META-INF/MANIFEST.MF",
                            "META-INF/cinnabar/some.tiny/provenance.txt",
                            "META-INF/cinnabar/some.tiny/choices.tsv",
                            "META-INF/native-image/some.tiny/native-image.properties",
                            "META-INF/native-image/some.tiny/reachability-metadata.json",
                            "module-info.class",
                            "some/tiny/card.properties")
                    .contains("some/tiny/Scaled.class", "some/tiny/Lanes16.class")
                    .endsWith("some/tiny/weights.f32");
            assertThat(entries).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
            assertThat(entries.getLast().getSize()).isEqualTo(7 * Float.BYTES);
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("some.tiny.Main");
        }
    }

    @Test
    void movesAllOfTheRuntimeIntoTheModelsPackage() throws IOException {
        Path path = jar(0);
        assertThat(Files.size(path)).isLessThan(300_000);
        try (JarFile jar = new JarFile(path.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[] {path.toUri().toURL()})) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                byte[] bytes = jar.getInputStream(entry).readAllBytes();
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                assertThat(text).as(entry.getName()).doesNotContain("org/cinnabar", "org.cinnabar");
                if (entry.getName().endsWith(".class")) {
                    StringWriter problems = new StringWriter();
                    CheckClassAdapter.verify(
                            new ClassReader(bytes), loader, false, new PrintWriter(problems));
                    assertThat(problems.toString()).as(entry.getName()).isEmpty();
                }
            }
        }
    }

    @Test
    void makesAClassWhoseParametersAreThePorts() throws Exception {
        URL url = jar(0, 4).toUri().toURL();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {url}, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass("some.tiny.Scaled");
            Object model = type.getMethod("load").invoke(null);
            Method run = type.getMethod("run", float[].class, float[].class);
            assertThat(run.getParameters()).extracting("name").containsExactly("in_put", "class_");
            float[] y = new float[7];
            run.invoke(model, X, y);
            assertThat(y).containsExactly(Y);
            FloatBuffer buffer = FloatBuffer.allocate(7);
            type.getMethod("run", FloatBuffer.class, FloatBuffer.class)
                    .invoke(model, FloatBuffer.wrap(X), buffer);
            assertThat(buffer.array()).containsExactly(Y);
            Method returning = type.getMethod("run", float[].class);
            assertThat((float[]) returning.invoke(model, (Object) X)).containsExactly(Y);
            float[] two = (float[]) returning.invoke(model, (Object) Arrays.copyOf(X, 14));
            assertThat(two).startsWith(Y).hasSize(14).endsWith(3, 4, 0, 3.5f, 5, -1, 8);
            assertThatThrownBy(() -> returning.invoke(model, (Object) new float[8]))
                    .hasRootCauseMessage(
                            "scaled: input 'in.put' takes 7 = 7 values per item; got 8, which is"
                                    + " not a multiple");
        }
    }

    @Test
    void runsAsAJarOnTheWidestCodeTheMachineHas() throws Exception {
        String jar = jar(0, 4).toString();
        String x = folder.resolve("x.npy").toString();
        String y = folder.resolve("y.npy").toString();
        new Npy(List.of(1, 7), X).write(Path.of(x));
        assertThat(java("-jar", jar, x, "--out", y)).isEqualTo(new Outcome(0, "", ""));
        assertThat(Npy.read(Path.of(y)).values()).containsExactly(Y);
        assertThat(java("-jar", jar, "--bench", "0.1").out()).contains("\"lanes\": 4,");
        assertThat(java("-Dcinnabar.vector=off", "-jar", jar, "--bench", "0.1").out())
                .contains("\"lanes\": 0,");
        assertThat(java("-Dcinnabar.vector=4", "-jar", jar(0, 8).toString(), "--bench=0.1").out())
                .contains("\"lanes\": 0,");
    }

    @Test
    void runsAsAModule() throws Exception {
        Path jar = jar(0, 4);
        ModuleDescriptor module = ModuleFinder.of(jar).find(PACKAGE).orElseThrow().descriptor();
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactly(PACKAGE);
        Outcome outcome = java("-p", jar.toString(), "-m", PACKAGE, "--bench", "0.1");
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("\"lanes\": 4,");
    }

    @Test
    void noticesDamagedWeights() throws Exception {
        Path jar = jar(0);
        byte[] bytes = Files.readAllBytes(jar);
        String lastTwo = "\0\0\u0080\u00BF\0\0\0A";
        int weights = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(lastTwo);
        bytes[weights] ^= 1;
        Files.write(jar, bytes);
        Outcome outcome = java("-Dcinnabar.vector=off", "-jar", jar.toString(), "--bench", "0.1");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("error: the jar is damaged: weights weights.f32 has");
    }

    @Test
    void rejectsNamesOfTheRuntimeAndOtherPackages() {
        assertThatThrownBy(
                        () ->
                                JarWriter.write(
                                        artefact(ClassDesc.of(PACKAGE, "Session"), 0),
                                        folder.resolve("x.jar")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("some.tiny.Session has the name of a class of the runtime");
        assertThatThrownBy(() -> artefact(ClassDesc.of("other", "Scaled"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class some.tiny.Lanes0 lies outside the model's package other");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void rejectsIncompleteArtefacts() {
        assertThatThrownBy(() -> artefact(MODEL, 4, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no variant without vectors");
        assertThatThrownBy(() -> artefact(MODEL, 0, 8, 8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Scaled has two variants of 8 lanes");
        assertThatThrownBy(() -> artefact(ClassDesc.of("Scaled"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a model needs a class in a package, got LScaled;");
        assertThatThrownBy(() -> new Variant(0, MODEL, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("program Scaled is not among the classes");
    }
}
