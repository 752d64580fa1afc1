package org.cinnabar.bench;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Constructor;
import org.cinnabar.codegen.jar.Variant;
import org.cinnabar.runtime.Program;

/** The classes of one variant, without a jar. */
final class GeneratedCode extends ClassLoader {
    private final Variant variant;

    GeneratedCode(Variant variant) {
        super(Program.class.getClassLoader());
        this.variant = variant;
    }

    /** A new instance of the program. */
    Program program() {
        ClassDesc type = variant.program();
        try {
            Constructor<?> constructor =
                    loadClass(type.packageName() + "." + type.displayName())
                            .getDeclaredConstructor();
            constructor.setAccessible(true);
            return (Program) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.displayName() + " does not load", e);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = variant.classes().get(ClassDesc.of(name));
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }
}
