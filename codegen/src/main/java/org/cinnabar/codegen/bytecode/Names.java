package org.cinnabar.codegen.bytecode;

import java.lang.constant.ClassDesc;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How source names classes and members: simply where nothing hides them. Within a class it marks
 * where types are named, for {@link Source} to import them.
 */
final class Names {
    private final @Nullable ClassDesc owner;
    private final Map<String, String> packages = new HashMap<>();
    private final Set<String> variables = new HashSet<>();

    /** Names as seen from within {@code owner}, or from nowhere in particular. */
    Names(@Nullable ClassDesc owner) {
        this.owner = owner;
    }

    String type(ClassDesc type) {
        if (type.isArray()) {
            return type(type.componentType()) + "[]";
        }
        String simple = Types.name(type);
        if (type.isPrimitive()) {
            return simple;
        }
        if (owner != null) {
            return Source.mark(type);
        }
        String outermost = simple.split("\\.", 2)[0];
        String home = packages.computeIfAbsent(outermost, _ -> type.packageName());
        return home.equals(type.packageName()) ? simple : type.packageName() + "." + simple;
    }

    String staticField(FieldRef field) {
        boolean visible = field.owner().equals(owner) && !variables.contains(field.name());
        return visible ? field.name() : type(field.owner()) + "." + field.name();
    }

    String staticMethod(MethodRef method) {
        return isOwner(method.owner()) ? method.name() : type(method.owner()) + "." + method.name();
    }

    boolean isOwner(ClassDesc type) {
        return type.equals(owner);
    }

    void enterMethod() {
        variables.clear();
    }

    String declare(Variable variable) {
        variables.add(variable.name());
        return type(variable.type()) + " " + variable.name();
    }
}
