package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;

/**
 * A parameter or local variable, known by its name as in Java; the method that declares it gives it
 * a slot. Rejects names that are not Java identifiers and the type {@code void}.
 */
public record Variable(String name, ClassDesc type) implements Expression.Place {
    static final String THIS = "this";

    public Variable {
        Types.requireIdentifier(name);
        if (type.equals(ConstantDescs.CD_void)) {
            throw new IllegalArgumentException("variable " + name + " cannot be void");
        }
    }
}
