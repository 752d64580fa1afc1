package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Modifier;
import java.util.List;
import org.cinnabar.codegen.bytecode.Statement.Block;

/**
 * A method to be declared. {@code modifiers} are those of {@link Modifier}. Rejects a body that can
 * end without returning the value it owes.
 *
 * @param interpreted whether the method may be too large for HotSpot to compile
 */
public record MethodModel(
        int modifiers,
        ClassDesc returns,
        String name,
        List<Variable> parameters,
        Block body,
        boolean interpreted) {
    private static final String CONSTRUCTOR = "<init>";
    static final String CLASS_INITIALIZER = "<clinit>";

    public MethodModel {
        if (!name.equals(CONSTRUCTOR) && !name.equals(CLASS_INITIALIZER)) {
            Types.requireIdentifier(name);
        }
        parameters = List.copyOf(parameters);
        if (!returns.equals(ConstantDescs.CD_void) && body.completes()) {
            throw new IllegalArgumentException(
                    "method %s can end without returning %s".formatted(name, Types.name(returns)));
        }
    }

    public static MethodModel of(
            int modifiers, ClassDesc returns, String name, List<Variable> parameters, Block body) {
        return new MethodModel(modifiers, returns, name, parameters, body, false);
    }

    /** A constructor, whose body calls another constructor first. */
    public static MethodModel constructor(int modifiers, List<Variable> parameters, Block body) {
        return of(modifiers, ConstantDescs.CD_void, CONSTRUCTOR, parameters, body);
    }

    /** This method, allowed to be too large for HotSpot to compile because it is not hot. */
    public MethodModel interpretedOk() {
        return new MethodModel(modifiers, returns, name, parameters, body, true);
    }

    /** This method as code refers to it; a constructor is referred to as {@code new} does. */
    public MethodRef in(ClassDesc owner) {
        MethodRef.Kind kind =
                isConstructor()
                        ? MethodRef.Kind.CONSTRUCTOR
                        : isStatic() ? MethodRef.Kind.STATIC : MethodRef.Kind.VIRTUAL;
        return new MethodRef(kind, owner, name, type());
    }

    MethodTypeDesc type() {
        return MethodTypeDesc.of(returns, parameters.stream().map(Variable::type).toList());
    }

    boolean isStatic() {
        return Modifier.isStatic(modifiers);
    }

    boolean isConstructor() {
        return name.equals(CONSTRUCTOR);
    }
}
