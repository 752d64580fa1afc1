package org.cinnabar.codegen;

import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What generated code may call: that which both HotSpot and native-image compile to instructions.
 * Masks on memory, gathers, memory segments, transcendental lanewise operations, vectors in arrays
 * and in fields are all slow in one of them, by one to three orders of magnitude; masks are allowed
 * where {@code PREFETCHES}, which native-image knows to be false, has been asked just before.
 * Comparing two numbers of one lane is wrong in native-image 25.
 */
public final class Discipline {
    private static final String VECTORS = "jdk/incubator/vector/";
    private static final String FLOATS = VECTORS + "FloatVector.";
    private static final String INTS = VECTORS + "IntVector.";
    private static final String OPERATORS = VECTORS + "VectorOperators.";

    private static final Set<String> CALLS =
            Set.of(
                    FLOATS + "zero(Ljdk/incubator/vector/VectorSpecies;)",
                    FLOATS + "broadcast(Ljdk/incubator/vector/VectorSpecies;F)",
                    FLOATS + "fromArray(Ljdk/incubator/vector/VectorSpecies;[FI)",
                    FLOATS + "intoArray([FI)",
                    FLOATS + "add(Ljdk/incubator/vector/Vector;)",
                    FLOATS + "sub(Ljdk/incubator/vector/Vector;)",
                    FLOATS + "mul(Ljdk/incubator/vector/Vector;)",
                    FLOATS + "div(Ljdk/incubator/vector/Vector;)",
                    FLOATS + "fma(Ljdk/incubator/vector/Vector;Ljdk/incubator/vector/Vector;)",
                    FLOATS + "neg()",
                    FLOATS + "abs()",
                    FLOATS + "sqrt()",
                    FLOATS
                            + "compare(Ljdk/incubator/vector/VectorOperators$Comparison;Ljdk/incubator/vector/Vector;)",
                    FLOATS
                            + "blend(Ljdk/incubator/vector/Vector;Ljdk/incubator/vector/VectorMask;)",
                    FLOATS + "reduceLanes(Ljdk/incubator/vector/VectorOperators$Associative;)",
                    FLOATS + "lane(I)",
                    FLOATS + "reinterpretAsInts()",
                    INTS + "reinterpretAsFloats()",
                    INTS + "zero(Ljdk/incubator/vector/VectorSpecies;)",
                    INTS + "add(Ljdk/incubator/vector/Vector;)",
                    INTS + "max(Ljdk/incubator/vector/Vector;)",
                    INTS + "min(Ljdk/incubator/vector/Vector;)",
                    INTS + "lanewise(Ljdk/incubator/vector/VectorOperators$Binary;I)",
                    INTS + "convert(Ljdk/incubator/vector/VectorOperators$Conversion;I)",
                    "java/lang/invoke/VarHandle.loadLoadFence()");

    private static final Set<String> PREFETCHING =
            Set.of(
                    VECTORS + "VectorSpecies.maskAll(Z)",
                    FLOATS + "intoArray([FILjdk/incubator/vector/VectorMask;)");

    private static final Set<String> FIELDS =
            Set.of(
                    FLOATS + "SPECIES_128",
                    FLOATS + "SPECIES_256",
                    FLOATS + "SPECIES_512",
                    INTS + "SPECIES_128",
                    INTS + "SPECIES_256",
                    INTS + "SPECIES_512",
                    OPERATORS + "LT",
                    OPERATORS + "LE",
                    OPERATORS + "EQ",
                    OPERATORS + "GT",
                    OPERATORS + "MIN",
                    OPERATORS + "MAX",
                    OPERATORS + "LSHL",
                    OPERATORS + "I2F");

    private static final Set<String> SCALAR_OWNERS =
            Set.of("java/lang/Math", "java/lang/Float", "java/util/Objects");

    private Discipline() {}

    /** What {@code classFile}, a program, uses beyond that; nothing if all is well. */
    public static Set<String> violations(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        Set<String> own = Set.of(reader.getClassName(), reader.getSuperName());
        Set<String> violations = new TreeSet<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String type, String generic, String[] thrown) {
                        return new Uses(own, name, violations);
                    }
                },
                ClassReader.SKIP_DEBUG);
        return violations;
    }

    private static final class Uses extends MethodVisitor {
        private final Set<String> own;
        private final String method;
        private final Set<String> violations;
        private boolean prefetches;

        Uses(Set<String> own, String method, Set<String> violations) {
            super(Opcodes.ASM9);
            this.own = own;
            this.method = method;
            this.violations = violations;
        }

        private void require(boolean allowed, String what) {
            if (!allowed) {
                violations.add(method + " uses " + what);
            }
        }

        @Override
        public void visitMethodInsn(
                int opcode, String owner, String name, String type, boolean isInterface) {
            String call = owner + "." + name + type.substring(0, type.indexOf(')') + 1);
            if (PREFETCHING.contains(call)) {
                require(prefetches, call);
                return;
            }
            require(
                    own.contains(owner) || SCALAR_OWNERS.contains(owner) || CALLS.contains(call),
                    call);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String type) {
            prefetches |= name.equals("PREFETCHES");
            boolean reads = opcode == Opcodes.GETSTATIC;
            require(
                    own.contains(owner)
                            ? !type.contains(VECTORS)
                            : reads && FIELDS.contains(owner + "." + name),
                    owner + "." + name);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            require(opcode == Opcodes.CHECKCAST || !type.contains(VECTORS), type);
        }

        @Override
        public void visitJumpInsn(int opcode, Label label) {
            // What follows the test of a flag is guarded by it, until the next jump.
            prefetches &= opcode == Opcodes.IFEQ;
        }

        @Override
        public void visitInsn(int opcode) {
            require(opcode != Opcodes.FCMPL && opcode != Opcodes.FCMPG, "a float comparison");
            require(opcode != Opcodes.DCMPL && opcode != Opcodes.DCMPG, "a double comparison");
        }

        @Override
        public void visitInvokeDynamicInsn(
                String name, String type, Handle bootstrap, Object... arguments) {
            require(false, "invokedynamic " + name);
        }
    }
}
