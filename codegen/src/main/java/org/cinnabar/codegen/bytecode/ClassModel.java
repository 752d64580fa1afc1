package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cinnabar.codegen.bytecode.Statement.Block;

/**
 * A class to be generated: as a class file by {@link #toBytes}, as Java by {@link #render}. {@code
 * modifiers} are those of {@link Modifier}; {@code initializer} runs after the initial values of
 * the fields. The line numbers in the class file are those of the rendered source.
 */
public record ClassModel(
        int modifiers,
        ClassDesc name,
        ClassDesc superclass,
        List<ClassDesc> interfaces,
        List<FieldModel> fields,
        List<MethodModel> methods,
        Block initializer) {
    public ClassModel {
        if (!name.isClassOrInterface()) {
            throw new IllegalArgumentException("not a class: " + Types.name(name));
        }
        interfaces = List.copyOf(interfaces);
        fields = List.copyOf(fields);
        methods = List.copyOf(methods);
        for (MethodModel method : methods) {
            int receiver = method.isStatic() ? 0 : 1;
            JvmLimit.ARGUMENT_SLOTS.check(
                    Types.name(name) + "." + method.name(),
                    receiver + Types.slots(method.type().parameterList()));
        }
    }

    /** A class below {@code Object} without interfaces. */
    public static ClassModel of(
            int modifiers, ClassDesc name, List<FieldModel> fields, List<MethodModel> methods) {
        return new ClassModel(
                modifiers, name, CD_Object, List.of(), fields, methods, Statements.block());
    }

    public ClassModel withSuperclass(ClassDesc superclass) {
        return new ClassModel(
                modifiers, name, superclass, interfaces, fields, methods, initializer);
    }

    public ClassModel withInterfaces(ClassDesc... interfaces) {
        return new ClassModel(
                modifiers, name, superclass, List.of(interfaces), fields, methods, initializer);
    }

    public ClassModel withInitializer(Block initializer) {
        return new ClassModel(
                modifiers, name, superclass, interfaces, fields, methods, initializer);
    }

    /** The class file. Rejects what exceeds a {@link JvmLimit}. */
    public byte[] toBytes() {
        return new ClassEmitter(this).toBytes();
    }

    /** The class as Java source, imports first. */
    public String render() {
        return new Printer(name).source(this).text();
    }

    /**
     * The method that gives fields their values and runs the initializer, unless there is nothing
     * to do.
     */
    Optional<MethodModel> classInitializer() {
        List<Statement> statements = new ArrayList<>();
        for (FieldModel field : fields) {
            Expression initial = field.initial();
            if (initial != null && field.constantValue() == null) {
                statements.add(Statements.assign(Expressions.field(field.in(name)), initial));
            }
        }
        statements.addAll(initializer.statements());
        return statements.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        MethodModel.of(
                                        Modifier.STATIC,
                                        CD_void,
                                        MethodModel.CLASS_INITIALIZER,
                                        List.of(),
                                        Statements.block(statements))
                                .interpretedOk());
    }
}
