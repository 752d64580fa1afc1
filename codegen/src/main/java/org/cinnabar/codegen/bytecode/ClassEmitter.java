package org.cinnabar.codegen.bytecode;

import java.util.Map;
import java.util.stream.Stream;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes one class file. */
final class ClassEmitter {
    private final ClassModel model;
    private final String simpleName;
    private final Map<Statement, Integer> lines;
    private final ClassWriter writer = new HierarchyFreeWriter();

    ClassEmitter(ClassModel model) {
        this.model = model;
        this.simpleName = model.name().displayName();
        this.lines = new Printer(model.name()).source(model).lines();
    }

    byte[] toBytes() {
        writer.visit(
                Opcodes.V25,
                model.modifiers() | Opcodes.ACC_SUPER,
                Types.internalName(model.name()),
                null,
                Types.internalName(model.superclass()),
                model.interfaces().stream().map(Types::internalName).toArray(String[]::new));
        writer.visitSource(simpleName + ".java", null);
        model.fields().forEach(this::emit);
        Stream.concat(model.methods().stream(), model.classInitializer().stream())
                .forEach(this::emit);
        writer.visitEnd();
        try {
            return writer.toByteArray();
        } catch (ClassTooLargeException e) {
            throw new JvmLimitException(
                    JvmLimit.CONSTANT_POOL_ENTRIES, simpleName, e.getConstantPoolCount());
        } catch (MethodTooLargeException e) {
            throw new JvmLimitException(
                    JvmLimit.METHOD_BYTES, simpleName + "." + e.getMethodName(), e.getCodeSize());
        }
    }

    private void emit(FieldModel field) {
        Object constant = field.constantValue();
        if (constant instanceof String text) {
            JvmLimit.STRING_BYTES.check(simpleName + "." + field.name(), utf8Bytes(text));
        }
        String descriptor = field.type().descriptorString();
        writer.visitField(field.modifiers(), field.name(), descriptor, null, constant).visitEnd();
    }

    private void emit(MethodModel method) {
        String where = simpleName + "." + method.name();
        MethodVisitor visitor =
                writer.visitMethod(
                        method.modifiers(),
                        method.name(),
                        method.type().descriptorString(),
                        null,
                        null);
        for (Variable parameter : method.parameters()) {
            visitor.visitParameter(parameter.name(), 0);
        }
        int size = new MethodEmitter(visitor, where, method, lines).emit(model.name());
        JvmLimit.METHOD_BYTES.check(where, size);
        if (!method.interpreted()) {
            JvmLimit.COMPILED_METHOD_BYTES.check(where, size);
        }
    }

    /** The length of the text in a class file. */
    static int utf8Bytes(String text) {
        return text.chars().map(c -> c >= 1 && c < 0x80 ? 1 : c < 0x800 ? 2 : 3).sum();
    }

    /**
     * Computes frames without loading classes. Live values of a class type have the same declared
     * type wherever paths merge, so only dead ones ever ask for a common superclass.
     */
    private static final class HierarchyFreeWriter extends ClassWriter {
        HierarchyFreeWriter() {
            super(COMPUTE_FRAMES);
        }

        @Override
        protected String getCommonSuperClass(String first, String second) {
            return "java/lang/Object";
        }
    }
}
