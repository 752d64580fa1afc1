package org.cinnabar.codegen.jar;

import java.lang.constant.ClassDesc;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ModuleVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Generates the {@code module-info} of a model's jar: a module named as the model's package, which
 * it exports. On the module path it brings the Vector API along without a flag.
 */
final class ModuleDescriptor {
    private ModuleDescriptor() {}

    static byte[] of(ClassDesc model) {
        String name = model.packageName();
        String folder = name.replace('.', '/');
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V25, Opcodes.ACC_MODULE, "module-info", null, null, null);
        ModuleVisitor module = writer.visitModule(name, 0, null);
        module.visitMainClass(folder + "/" + MainClass.name(model).displayName());
        module.visitPackage(folder);
        module.visitRequire("java.base", Opcodes.ACC_MANDATED, null);
        module.visitRequire("jdk.incubator.vector", 0, null);
        module.visitRequire("java.desktop", Opcodes.ACC_STATIC_PHASE, null);
        module.visitRequire("jdk.management", Opcodes.ACC_STATIC_PHASE, null);
        module.visitExport(folder, 0);
        module.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }
}
