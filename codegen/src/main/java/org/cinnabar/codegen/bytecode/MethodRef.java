package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;

/**
 * A method or constructor as code refers to it, built once and called many times. Rejects owners
 * without methods and more than 255 argument slots.
 */
public record MethodRef(Kind kind, ClassDesc owner, String name, MethodTypeDesc type) {
    private static final String CONSTRUCTOR = "<init>";

    /** How a method is invoked. */
    public enum Kind {
        STATIC(Opcodes.INVOKESTATIC),
        INTERFACE_STATIC(Opcodes.INVOKESTATIC),
        VIRTUAL(Opcodes.INVOKEVIRTUAL),
        INTERFACE(Opcodes.INVOKEINTERFACE),
        /** A method of the superclass, or another constructor, on {@code this}. */
        SPECIAL(Opcodes.INVOKESPECIAL),
        /** {@code new}. */
        CONSTRUCTOR(Opcodes.INVOKESPECIAL);

        final int opcode;

        Kind(int opcode) {
            this.opcode = opcode;
        }

        boolean hasReceiver() {
            return this == VIRTUAL || this == INTERFACE || this == SPECIAL;
        }

        boolean ownerIsInterface() {
            return this == INTERFACE || this == INTERFACE_STATIC;
        }
    }

    public MethodRef {
        if (!owner.isClassOrInterface()) {
            throw new IllegalArgumentException(
                    "method %s of %s, which has no methods".formatted(name, Types.name(owner)));
        }
        if (!name.equals(CONSTRUCTOR)) {
            Types.requireIdentifier(name);
        }
        int receiver = kind == Kind.STATIC || kind == Kind.INTERFACE_STATIC ? 0 : 1;
        JvmLimit.ARGUMENT_SLOTS.check(
                Types.name(owner) + "." + name, receiver + Types.slots(type.parameterList()));
    }

    public static MethodRef ofStatic(
            ClassDesc owner, String name, ClassDesc returns, ClassDesc... parameters) {
        return new MethodRef(Kind.STATIC, owner, name, MethodTypeDesc.of(returns, parameters));
    }

    public static MethodRef ofInterfaceStatic(
            ClassDesc owner, String name, ClassDesc returns, ClassDesc... parameters) {
        return new MethodRef(
                Kind.INTERFACE_STATIC, owner, name, MethodTypeDesc.of(returns, parameters));
    }

    public static MethodRef ofVirtual(
            ClassDesc owner, String name, ClassDesc returns, ClassDesc... parameters) {
        return new MethodRef(Kind.VIRTUAL, owner, name, MethodTypeDesc.of(returns, parameters));
    }

    public static MethodRef ofInterface(
            ClassDesc owner, String name, ClassDesc returns, ClassDesc... parameters) {
        return new MethodRef(Kind.INTERFACE, owner, name, MethodTypeDesc.of(returns, parameters));
    }

    /** {@code new owner(parameters)}. */
    public static MethodRef ofConstructor(ClassDesc owner, ClassDesc... parameters) {
        return new MethodRef(
                Kind.CONSTRUCTOR,
                owner,
                CONSTRUCTOR,
                MethodTypeDesc.of(ConstantDescs.CD_void, parameters));
    }

    /**
     * {@code super(parameters)}, or {@code this(parameters)} where the owner is the class itself.
     */
    public static MethodRef ofSuperConstructor(ClassDesc owner, ClassDesc... parameters) {
        return new MethodRef(
                Kind.SPECIAL,
                owner,
                CONSTRUCTOR,
                MethodTypeDesc.of(ConstantDescs.CD_void, parameters));
    }

    /** {@code super.name(parameters)}. */
    public static MethodRef ofSuper(
            ClassDesc owner, String name, ClassDesc returns, ClassDesc... parameters) {
        return new MethodRef(Kind.SPECIAL, owner, name, MethodTypeDesc.of(returns, parameters));
    }

    /**
     * The public method of a class that the compiler itself can see; rejects one that is not there.
     */
    public static MethodRef of(Class<?> owner, String name, Class<?>... parameters) {
        Method method;
        try {
            method = owner.getMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException("no such method: " + e.getMessage(), e);
        }
        boolean isStatic = Modifier.isStatic(method.getModifiers());
        Kind kind =
                owner.isInterface()
                        ? isStatic ? Kind.INTERFACE_STATIC : Kind.INTERFACE
                        : isStatic ? Kind.STATIC : Kind.VIRTUAL;
        return new MethodRef(
                kind,
                ClassDesc.ofDescriptor(owner.descriptorString()),
                name,
                MethodType.methodType(method.getReturnType(), parameters)
                        .describeConstable()
                        .orElseThrow());
    }

    /** The types a call must supply: the receiver, if there is one, then the parameters. */
    List<ClassDesc> operandTypes() {
        List<ClassDesc> operands = new ArrayList<>();
        if (kind.hasReceiver()) {
            operands.add(owner);
        }
        operands.addAll(type.parameterList());
        return operands;
    }

    boolean isConstructor() {
        return name.equals(CONSTRUCTOR);
    }
}
