package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Class;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * A field to be declared, static ones perhaps with an initial value. {@code modifiers} are those of
 * {@link Modifier}.
 */
public record FieldModel(int modifiers, String name, ClassDesc type, @Nullable Expression initial) {
    public FieldModel {
        Types.requireIdentifier(name);
        if (initial != null) {
            if (!Modifier.isStatic(modifiers)) {
                throw new IllegalArgumentException(
                        "instance field %s is given a value by constructors, not by %s"
                                .formatted(name, initial.render()));
            }
            Types.requireConforms(name, initial, type);
        }
    }

    public static FieldModel of(int modifiers, String name, ClassDesc type) {
        return new FieldModel(modifiers, name, type, null);
    }

    public static FieldModel of(int modifiers, String name, ClassDesc type, Expression initial) {
        return new FieldModel(modifiers, name, type, initial);
    }

    /** This field as code refers to it. */
    public FieldRef in(ClassDesc owner) {
        return new FieldRef(owner, name, type);
    }

    /** The value the class file itself gives to the field, as javac does for final constants. */
    @Nullable Object constantValue() {
        if (!Modifier.isFinal(modifiers)
                || !(initial instanceof Expression.Constant(Object value, ClassDesc literal))
                || value == null
                || literal.equals(CD_Class)) {
            return null;
        }
        return value instanceof Boolean truth ? Integer.valueOf(truth ? 1 : 0) : value;
    }
}
