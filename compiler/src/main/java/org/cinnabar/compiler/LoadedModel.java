package org.cinnabar.compiler;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Constructor;
import java.nio.FloatBuffer;
import java.util.Comparator;
import java.util.Map;
import org.cinnabar.codegen.jar.Artefact;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.runtime.Lanes;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.Program;

/** A model whose code lives in a class loader of its own instead of a jar. */
final class LoadedModel extends Model {
    private LoadedModel(Artefact artefact, Variant variant) {
        super(artefact.signature(), variant.lanes(), program(variant), weights(artefact));
    }

    /** The model with the widest code that this JVM runs. */
    static LoadedModel of(Artefact artefact) {
        int preferred = Lanes.preferred();
        Variant widest =
                artefact.variants().stream()
                        .filter(variant -> variant.lanes() <= preferred)
                        .max(Comparator.comparingInt(Variant::lanes))
                        .orElseThrow();
        return new LoadedModel(artefact, widest);
    }

    static Program program(Variant variant) {
        try {
            Constructor<?> constructor =
                    new Classes(variant.classes())
                            .loadClass(binaryName(variant.program()))
                            .getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Program) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "generated program " + binaryName(variant.program()) + " does not load", e);
        }
    }

    private static float[] weights(Artefact artefact) {
        int length = artefact.weights().stream().mapToInt(piece -> piece.length).sum();
        FloatBuffer weights = FloatBuffer.allocate(length);
        artefact.weights().forEach(weights::put);
        return weights.array();
    }

    private static String binaryName(ClassDesc type) {
        return type.packageName() + "." + type.displayName();
    }

    private static final class Classes extends ClassLoader {
        private final Map<ClassDesc, byte[]> classes;

        Classes(Map<ClassDesc, byte[]> classes) {
            super(Program.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(ClassDesc.of(name));
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
