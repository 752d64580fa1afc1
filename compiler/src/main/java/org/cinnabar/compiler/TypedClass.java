package org.cinnabar.compiler;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.lang.model.element.Modifier;
import org.cinnabar.runtime.ModelCard;
import org.cinnabar.runtime.Port;
import org.cinnabar.runtime.Preprocessing;

/**
 * A model in a Java build: a source class whose methods have the model's inputs and outputs as
 * parameters, described in its javadoc, and the class files and weights behind it.
 *
 * <pre>{@code
 * public final class Fashion {
 *     public static final int IMAGE_LENGTH = 784;
 *     public static Fashion load()
 *     public float[] run(float[] image)                 // of a model with one output
 *     public void run(float[] image, float[] logits)
 *     public FashionModel model()                       // sessions, buffers, threads
 * }
 * }</pre>
 */
public final class TypedClass {
    private static final TypeName FLOATS = ArrayTypeName.of(TypeName.FLOAT);

    private final ClassName name;
    private final ClassName model;
    private final Compiled compiled;
    private final List<Port> inputs;
    private final List<Port> outputs;
    private final NameAllocator names = new NameAllocator();

    private TypedClass(ClassName name, Compiled compiled) {
        ClassDesc type = compiled.artefact().model();
        this.name = name;
        this.model = ClassName.get(type.packageName(), type.displayName());
        this.compiled = compiled;
        this.inputs = compiled.signature().inputs();
        this.outputs = compiled.signature().outputs();
        inputs.forEach(port -> names.newName(port.name(), "in " + port.name()));
        outputs.forEach(port -> names.newName(port.name(), "out " + port.name()));
    }

    /**
     * The class of the model in {@code file} in {@code packageName}; what is behind it lies in a
     * package of its own: {@code com.example} and {@code fashion.onnx} give {@code
     * com.example.Fashion} and {@code com.example.fashion.FashionModel}.
     */
    private static ClassName name(Path file, String packageName) {
        String simple = Names.type(Names.model(file), "").displayName();
        return ClassName.get(packageName, simple);
    }

    /**
     * Compiles {@code file} and writes its class into {@code packageName} below the folder {@code
     * sources}, and everything behind it below {@code classes}. Returns what was compiled.
     *
     * @throws CompileException if the model cannot be compiled
     */
    public static Compiled write(
            Path file,
            Options options,
            String packageName,
            Path sources,
            Path classes,
            Progress progress)
            throws IOException {
        ClassName name = name(file, packageName);
        String behind =
                packageName
                        + "."
                        + Names.packageName(name.simpleName())
                        + "."
                        + name.simpleName()
                        + "Model";
        Compiled compiled = Compiler.compile(file, options.withClassName(behind), progress);
        unpack(compiled, classes);
        new TypedClass(name, compiled).file().writeTo(sources);
        return compiled;
    }

    private static void unpack(Compiled compiled, Path classes) throws IOException {
        Files.createDirectories(classes);
        Path jar = Files.createTempFile(classes, ".cinnabar", ".jar");
        try {
            compiled.write(jar);
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                for (ZipEntry entry : zip.stream().toList()) {
                    if (isWanted(entry.getName())) {
                        Path target = classes.resolve(entry.getName());
                        Files.createDirectories(target.getParent());
                        try (InputStream in = zip.getInputStream(entry)) {
                            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
                        }
                    }
                }
            }
        } finally {
            Files.delete(jar);
        }
    }

    private static boolean isWanted(String entry) {
        return !entry.equals("META-INF/MANIFEST.MF") && !entry.equals("module-info.class");
    }

    /** The source file. */
    private JavaFile file() {
        TypeSpec.Builder type =
                TypeSpec.classBuilder(name)
                        .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                        .addJavadoc("$L", description());
        inputs.forEach(port -> type.addField(length(port, "in ")));
        outputs.forEach(port -> type.addField(length(port, "out ")));
        type.addField(model, "model", Modifier.PRIVATE, Modifier.FINAL);
        type.addMethod(
                MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .addParameter(model, "model")
                        .addStatement("this.model = model")
                        .build());
        type.addMethod(
                MethodSpec.methodBuilder("load")
                        .addJavadoc("Reads the weights. Share the model freely between threads.\n")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .returns(name)
                        .addStatement("return new $T($T.load())", name, model)
                        .build());
        type.addMethod(run());
        if (outputs.size() == 1) {
            type.addMethod(runAndReturn());
        }
        type.addMethod(
                MethodSpec.methodBuilder("model")
                        .addJavadoc("The model itself: sessions with threads, buffers, segments.\n")
                        .addModifiers(Modifier.PUBLIC)
                        .returns(model)
                        .addStatement("return model")
                        .build());
        return JavaFile.builder(name.packageName(), type.build())
                .skipJavaLangImports(true)
                .indent("    ")
                .build();
    }

    private String description() {
        ModelCard card = compiled.artefact().card();
        Preprocessing how = card.preprocessing();
        String images =
                how.equals(Preprocessing.DEFAULT)
                        ? ""
                        : """

                          <p>Images become inputs as (pixel * %s - mean) / std with mean %s and std %s; pixels are 0 to
                          255, channels in the order %s.
                          """
                                .formatted(how.scale(), how.mean(), how.std(), how.order());
        return """
               The model {@code %s}, compiled by Cinnabar %s.
               %s
               <p>SHA-256 of the model file: %s
               """
                .formatted(card.name(), card.compiler(), images, card.modelHash());
    }

    private FieldSpec length(Port port, String side) {
        String constant =
                names.get(side + port.name()).toUpperCase(java.util.Locale.ROOT) + "_LENGTH";
        return FieldSpec.builder(
                        int.class, constant, Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc(
                        "Values of {@code $L}: $L.\n", names.get(side + port.name()), shape(port))
                .initializer("$L", port.length())
                .build();
    }

    private String shape(Port port) {
        String shape =
                port.shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
        return "f32, " + (shape.isEmpty() ? "a scalar" : shape) + ", row-major";
    }

    private ParameterSpec parameter(Port port, String side) {
        return ParameterSpec.builder(FLOATS, names.get(side + port.name())).build();
    }

    private String batches() {
        return compiled.signature().batchable()
                ? "Arrays hold any number of items one after the other, all the same number.\n"
                : "Arrays hold exactly one item.\n";
    }

    private MethodSpec.Builder method() {
        MethodSpec.Builder method = MethodSpec.methodBuilder("run").addModifiers(Modifier.PUBLIC);
        inputs.forEach(port -> method.addParameter(parameter(port, "in ")));
        return method;
    }

    private void describe(MethodSpec.Builder method, boolean withOutputs) {
        inputs.forEach(
                port ->
                        method.addJavadoc(
                                "@param $L $L\n", names.get("in " + port.name()), shape(port)));
        if (withOutputs) {
            outputs.forEach(
                    port ->
                            method.addJavadoc(
                                    "@param $L $L, written\n",
                                    names.get("out " + port.name()),
                                    shape(port)));
        }
    }

    private MethodSpec run() {
        MethodSpec.Builder method = method();
        method.addJavadoc("Runs the model and allocates nothing. $L\n", batches());
        describe(method, true);
        outputs.forEach(port -> method.addParameter(parameter(port, "out ")));
        List<String> all = new ArrayList<>();
        inputs.forEach(port -> all.add(names.get("in " + port.name())));
        outputs.forEach(port -> all.add(names.get("out " + port.name())));
        return method.addStatement("model.run($L)", String.join(", ", all)).build();
    }

    private MethodSpec runAndReturn() {
        MethodSpec.Builder method = method();
        method.addJavadoc("Runs the model. $L\n", batches());
        describe(method, false);
        Port output = outputs.getFirst();
        method.addJavadoc("@return $L: $L\n", names.get("out " + output.name()), shape(output));
        String all =
                inputs.stream()
                        .map(port -> names.get("in " + port.name()))
                        .collect(Collectors.joining(", "));
        return method.returns(FLOATS).addStatement("return model.run($L)", all).build();
    }
}
