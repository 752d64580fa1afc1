package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;

/** A field as code refers to it; whether it is static is said by the expression that uses it. */
public record FieldRef(ClassDesc owner, String name, ClassDesc type) {
    public FieldRef {
        Types.requireIdentifier(name);
        if (!owner.isClassOrInterface()) {
            throw new IllegalArgumentException(
                    "field %s of %s, which has no fields".formatted(name, Types.name(owner)));
        }
    }
}
