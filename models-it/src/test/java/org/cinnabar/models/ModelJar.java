package org.cinnabar.models;

import java.io.IOException;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.cinnabar.compiler.Compiled;
import org.cinnabar.compiler.Compiler;
import org.cinnabar.compiler.Options;
import org.cinnabar.compiler.Progress;
import org.cinnabar.runtime.Npy;
import org.cinnabar.runtime.Signature;

/** A model compiled to a jar, used as its users do: started with {@code java -jar}, or loaded. */
record ModelJar(Path path, Compiled compiled) {
    /** Compiles {@code model} into {@code folder}, its inputs of {@code shapes} or as declared. */
    static ModelJar compile(Path model, Path folder, String... shapes) throws IOException {
        Options options = Options.DEFAULTS;
        for (String shape : shapes) {
            options = options.withShape(shape);
        }
        Compiled compiled = Compiler.compile(model, options, Progress.SILENT);
        Path path = folder.resolve(model.getFileName() + ".jar");
        compiled.write(path);
        return new ModelJar(path, compiled);
    }

    /** The model's class in the jar. */
    String className() {
        ClassDesc type = compiled.artefact().model();
        return type.packageName() + "." + type.displayName();
    }

    /** What the model takes and gives. */
    Signature signature() {
        return compiled.signature();
    }

    /** The model in this JVM, through the classes of the jar. */
    LoadedModel load() throws IOException {
        return LoadedModel.of(this);
    }

    /** What {@code java OPTIONS -jar} makes of the array in {@code input}, in a small heap. */
    float[] start(Path input, String... options) throws IOException, InterruptedException {
        Path output = path.resolveSibling("out.npy");
        Files.deleteIfExists(output);
        Programs.java(words(options, "-Xmx1g", "-jar", path, input, "--out", output));
        return Npy.read(output).values();
    }

    /** What {@code java OPTIONS -jar} says of a measurement of {@code seconds}. */
    String bench(double seconds, String... options) throws IOException, InterruptedException {
        return Programs.java(words(options, "-jar", path, "--bench", seconds));
    }

    private static List<String> words(String[] options, Object... words) {
        return Stream.concat(Stream.of(options), Stream.of(words)).map(Object::toString).toList();
    }
}
