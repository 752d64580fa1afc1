package org.cinnabar.codegen.jar;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.cinnabar.codegen.bytecode.Expressions.call;
import static org.cinnabar.codegen.bytecode.Expressions.classConstant;
import static org.cinnabar.codegen.bytecode.Expressions.constant;
import static org.cinnabar.codegen.bytecode.Expressions.field;
import static org.cinnabar.codegen.bytecode.Expressions.self;
import static org.cinnabar.codegen.bytecode.Statements.block;
import static org.cinnabar.codegen.bytecode.Statements.evaluate;
import static org.cinnabar.codegen.bytecode.Statements.returnValue;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.List;
import org.cinnabar.codegen.bytecode.ClassModel;
import org.cinnabar.codegen.bytecode.FieldModel;
import org.cinnabar.codegen.bytecode.MethodModel;
import org.cinnabar.codegen.bytecode.MethodRef;
import org.cinnabar.codegen.bytecode.Variable;
import org.cinnabar.runtime.CardResource;
import org.cinnabar.runtime.Launcher;
import org.cinnabar.runtime.Model;
import org.cinnabar.runtime.ModelCard;

/** Generates the class that {@code java -jar} starts: a {@link Launcher} of one model. */
final class MainClass {
    private MainClass() {}

    /** The class beside {@code model}, called {@code Main}. */
    static ClassDesc name(ClassDesc model) {
        return ClassDesc.of(model.packageName(), "Main");
    }

    static ClassModel of(ClassDesc model) {
        ClassDesc name = name(model);
        Variable words = new Variable("words", CD_String.arrayType());
        MethodModel main =
                MethodModel.of(
                        Modifier.PUBLIC | Modifier.STATIC,
                        CD_void,
                        "main",
                        List.of(words),
                        block(
                                evaluate(
                                        call(
                                                MethodRef.of(
                                                        Launcher.class, "launch", String[].class),
                                                call(MethodRef.ofConstructor(name)),
                                                words))));
        MethodRef superConstructor = MethodRef.ofSuperConstructor(desc(Launcher.class));
        MethodModel constructor =
                MethodModel.constructor(
                        Modifier.PRIVATE,
                        List.of(),
                        block(evaluate(call(superConstructor, self(name)))));
        FieldModel resource =
                FieldModel.of(
                        Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL,
                        "CARD",
                        desc(CardResource.class),
                        call(
                                MethodRef.ofConstructor(
                                        desc(CardResource.class), desc(Class.class), CD_String),
                                classConstant(name),
                                constant(JarWriter.CARD)));
        MethodModel card =
                MethodModel.of(
                        Modifier.PROTECTED,
                        desc(ModelCard.class),
                        "card",
                        List.of(),
                        block(
                                returnValue(
                                        call(
                                                MethodRef.of(CardResource.class, "card"),
                                                field(resource.in(name))))));
        MethodModel load =
                MethodModel.of(
                        Modifier.PROTECTED,
                        desc(Model.class),
                        "load",
                        List.of(),
                        block(returnValue(call(MethodRef.ofStatic(model, "load", model)))));
        return ClassModel.of(
                        Modifier.PUBLIC | Modifier.FINAL,
                        name,
                        List.of(resource),
                        List.of(main, constructor, card, load))
                .withSuperclass(desc(Launcher.class));
    }

    private static ClassDesc desc(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }
}
