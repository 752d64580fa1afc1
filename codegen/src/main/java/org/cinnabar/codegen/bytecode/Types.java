package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Type;

/** What the typing rules of Java ask of {@link ClassDesc}. */
final class Types {
    private static final Set<ClassDesc> INT_LIKE = Set.of(CD_byte, CD_short, CD_char, CD_int);
    private static final Set<ClassDesc> WIDE = Set.of(CD_long, CD_double);
    private static final Set<ClassDesc> ABOVE_ARRAYS =
            Set.of(
                    CD_Object,
                    ClassDesc.of("java.lang.Cloneable"),
                    ClassDesc.of("java.io.Serializable"));

    private Types() {}

    /**
     * The type of an operand after unary promotion: {@code byte}, {@code short}, {@code char}
     * compute as {@code int}.
     */
    static ClassDesc promoted(ClassDesc type) {
        return INT_LIKE.contains(type) ? CD_int : type;
    }

    /** The value as a narrower integer type keeps it. */
    static int narrowed(int value, ClassDesc type) {
        return type.equals(CD_byte)
                ? (byte) value
                : type.equals(CD_short)
                        ? (short) value
                        : type.equals(CD_char) ? (char) value : value;
    }

    static boolean isNumeric(ClassDesc type) {
        return type.isPrimitive() && !type.equals(CD_boolean) && !type.equals(CD_void);
    }

    static boolean isIntegral(ClassDesc type) {
        return INT_LIKE.contains(type) || type.equals(CD_long);
    }

    static boolean isReference(ClassDesc type) {
        return !type.isPrimitive();
    }

    /**
     * Whether Java assigns {@code from} to {@code to} without an instruction. Classes are not
     * loaded, so any class but {@code Object} is taken to extend any other.
     */
    static boolean conforms(ClassDesc from, ClassDesc to) {
        if (from.equals(to)) {
            return true;
        }
        if (from.isPrimitive() || to.isPrimitive()) {
            return to.equals(CD_int) && INT_LIKE.contains(from)
                    || to.equals(CD_short) && from.equals(CD_byte);
        }
        if (!from.isArray()) {
            return to.equals(CD_Object) || !to.isArray() && !from.equals(CD_Object);
        }
        if (!to.isArray()) {
            return ABOVE_ARRAYS.contains(to);
        }
        ClassDesc source = from.componentType();
        ClassDesc target = to.componentType();
        return isReference(source) && isReference(target) && conforms(source, target);
    }

    static void requireConforms(String what, Expression value, ClassDesc to) {
        if (!conforms(value.type(), to)) {
            throw new IllegalArgumentException(
                    "%s is %s but %s is %s"
                            .formatted(what, name(to), value.render(), name(value.type())));
        }
    }

    /**
     * Requires a value whose verified type cannot differ from the declared one. A class type must
     * be met exactly, so that merging two paths never needs the class hierarchy.
     */
    static void requireSame(String what, Expression value, ClassDesc to) {
        boolean isNull =
                value instanceof Expression.Constant(Object constant, _) && constant == null;
        if (isReference(to) && !isNull && !value.type().equals(to)) {
            throw new IllegalArgumentException(
                    "%s is %s but %s is %s; cast it"
                            .formatted(what, name(to), value.render(), name(value.type())));
        }
        requireConforms(what, value, to);
    }

    static void requireType(String what, Expression value, ClassDesc type) {
        if (!promoted(value.type()).equals(type)) {
            throw new IllegalArgumentException(
                    "%s must be %s but %s is %s"
                            .formatted(what, name(type), value.render(), name(value.type())));
        }
    }

    static void requireIdentifier(String name) {
        if (name.isEmpty()
                || !Character.isJavaIdentifierStart(name.charAt(0))
                || !name.chars().allMatch(Character::isJavaIdentifierPart)) {
            throw new IllegalArgumentException("not a Java identifier: \"" + name + "\"");
        }
    }

    static int slots(ClassDesc type) {
        return WIDE.contains(type) ? 2 : type.equals(CD_void) ? 0 : 1;
    }

    static int slots(List<ClassDesc> types) {
        return types.stream().mapToInt(Types::slots).sum();
    }

    /** The name as written in source where nothing hides it. */
    static String name(ClassDesc type) {
        return type.displayName().replace('$', '.');
    }

    static Type asm(ClassDesc type) {
        return Type.getType(type.descriptorString());
    }

    static String internalName(ClassDesc type) {
        return asm(type).getInternalName();
    }
}
