package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.codegen.bytecode.Expressions.*;
import static org.cinnabar.codegen.bytecode.Statements.*;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.MethodParameterInfo;
import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class ClassModelTest {
    private static final ClassDesc COUNTER = ClassDesc.of("org.cinnabar.generated", "Counter");
    private static final ClassDesc SUPPLIER = ClassDesc.of("java.util.function", "IntSupplier");
    private static final Variable START = new Variable("start", CD_int);
    private static final Variable STEP = new Variable("step", CD_int);

    /** A class with every kind of member: constants, computed statics, state, overrides. */
    private static ClassModel counter() {
        Variable self = self(COUNTER);
        FieldModel first =
                FieldModel.of(
                        Modifier.PUBLIC | Modifier.STATIC | Modifier.FINAL,
                        "FIRST",
                        CD_int,
                        constant(40));
        FieldModel steps =
                FieldModel.of(
                        Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL,
                        "STEPS",
                        CD_int.arrayType(),
                        newArray(CD_int, constant(2)));
        FieldModel made = FieldModel.of(Modifier.STATIC, "made", CD_int);
        FieldModel count = FieldModel.of(Modifier.PRIVATE, "count", CD_int);
        Expression.Place field = field(self, count.in(COUNTER));
        Expression.Place counters = field(made.in(COUNTER));

        var constructor =
                MethodModel.constructor(
                        Modifier.PUBLIC,
                        List.of(START),
                        block(
                                evaluate(call(MethodRef.ofSuperConstructor(CD_Object), self)),
                                assign(field, START),
                                assign(counters, add(counters, constant(1)))));
        var advance =
                MethodModel.of(
                        Modifier.PRIVATE,
                        CD_void,
                        "advance",
                        List.of(STEP),
                        block(
                                ifThen(eq(STEP, constant(0)), block(returnVoid())),
                                assign(field, add(field, STEP))));
        var asInt =
                MethodModel.of(
                        Modifier.PUBLIC,
                        CD_int,
                        "getAsInt",
                        List.of(),
                        block(
                                evaluate(
                                        call(
                                                advance.in(COUNTER),
                                                self,
                                                element(field(steps.in(COUNTER)), constant(1)))),
                                returnValue(field)));
        var toText =
                MethodModel.of(
                        Modifier.PUBLIC,
                        CD_String,
                        "toString",
                        List.of(),
                        block(
                                returnValue(
                                        call(
                                                MethodRef.ofVirtual(
                                                        CD_String, "concat", CD_String, CD_String),
                                                constant("counter "),
                                                call(
                                                        MethodRef.of(
                                                                String.class, "valueOf", int.class),
                                                        field)))));
        var run =
                MethodModel.of(
                        Modifier.PUBLIC | Modifier.STATIC,
                        CD_int,
                        "run",
                        List.of(START),
                        block(
                                returnValue(
                                        call(
                                                asInt.in(COUNTER),
                                                call(constructor.in(COUNTER), START)))));
        return ClassModel.of(
                        Modifier.PUBLIC | Modifier.FINAL,
                        COUNTER,
                        List.of(first, steps, made, count),
                        List.of(constructor, advance, asInt, toText, run))
                .withInterfaces(SUPPLIER)
                .withInitializer(
                        block(assign(element(field(steps.in(COUNTER)), constant(1)), constant(2))));
    }

    @Test
    void rendersAsJava() {
        assertThat(counter().render())
                .isEqualTo(
                        """
                        package org.cinnabar.generated;

                        import java.util.function.IntSupplier;

                        public final class Counter implements IntSupplier {
                            public static final int FIRST = 40;

                            private static final int[] STEPS = new int[2];

                            static int made;

                            static {
                                STEPS[1] = 2;
                            }

                            private int count;

                            public Counter(int start) {
                                super();
                                this.count = start;
                                made = made + 1;
                            }

                            private void advance(int step) {
                                if (step == 0) {
                                    return;
                                }
                                this.count = this.count + step;
                            }

                            public int getAsInt() {
                                this.advance(STEPS[1]);
                                return this.count;
                            }

                            public String toString() {
                                return "counter ".concat(String.valueOf(this.count));
                            }

                            public static int run(int start) {
                                return new Counter(start).getAsInt();
                            }
                        }
                        """);
    }

    @Test
    void runsLikeItsRendering() throws ReflectiveOperationException {
        BytecodeAssertions.assertSameAsJavac(counter());
        Class<?> type = BytecodeAssertions.define(counter());
        assertThat(BytecodeAssertions.call(type, "run", 40)).isEqualTo(42);
        Object counter = type.getConstructor(int.class).newInstance(5);
        assertThat(((IntSupplier) counter).getAsInt()).isEqualTo(7);
        assertThat(counter).hasToString("counter 7");
        assertThat(type.getField("FIRST").getInt(null)).isEqualTo(40);
    }

    @Test
    void describesItselfToDebuggers() {
        var parsed = ClassFile.of().parse(counter().toBytes());
        assertThat(parsed.majorVersion()).isEqualTo(ClassFile.JAVA_25_VERSION);
        assertThat(
                        parsed.findAttribute(Attributes.sourceFile())
                                .orElseThrow()
                                .sourceFile()
                                .stringValue())
                .isEqualTo("Counter.java");

        var advance =
                parsed.methods().stream()
                        .filter(m -> m.methodName().equalsString("advance"))
                        .findFirst()
                        .orElseThrow();
        assertThat(advance.findAttribute(Attributes.methodParameters()).orElseThrow().parameters())
                .extracting(MethodParameterInfo::name)
                .map(name -> name.orElseThrow().stringValue())
                .containsExactly("step");
        var code = advance.findAttribute(Attributes.code()).orElseThrow();
        assertThat(
                        code.findAttribute(Attributes.localVariableTable())
                                .orElseThrow()
                                .localVariables())
                .extracting(LocalVariableInfo::name)
                .map(Object::toString)
                .containsExactlyInAnyOrder("this", "step");

        List<String> source = counter().render().lines().toList();
        assertThat(code.findAttribute(Attributes.lineNumberTable()).orElseThrow().lineNumbers())
                .extracting(LineNumberInfo::lineNumber)
                .map(line -> source.get(line - 1).strip())
                .containsExactly("if (step == 0) {", "return;", "this.count = this.count + step;");
    }

    @Test
    void finalConstantsNeedNoInitializer() {
        ClassModel model =
                ClassModel.of(
                        Modifier.PUBLIC,
                        COUNTER,
                        List.of(
                                FieldModel.of(
                                        Modifier.STATIC | Modifier.FINAL,
                                        "NAME",
                                        CD_String,
                                        constant("counter"))),
                        List.of());
        assertThat(BytecodeAssertions.instructions(model.toBytes())).isEmpty();
    }

    @Test
    void qualifiesWhatWouldBeHidden() {
        ClassDesc awt = ClassDesc.of("java.awt", "List");
        ClassDesc util = ClassDesc.of("java.util", "List");
        FieldModel size = FieldModel.of(Modifier.STATIC, "size", CD_float);
        Variable local = new Variable("size", CD_float);
        var method =
                MethodModel.of(
                        Modifier.STATIC,
                        CD_void,
                        "swap",
                        List.of(new Variable("a", awt), new Variable("b", util), local),
                        block(assign(field(size.in(COUNTER)), local)));
        ClassModel model = ClassModel.of(Modifier.PUBLIC, COUNTER, List.of(size), List.of(method));
        assertThat(model.render())
                .isEqualTo(
                        """
                        package org.cinnabar.generated;

                        import java.awt.List;

                        public class Counter {
                            static float size;

                            static void swap(List a, java.util.List b, float size) {
                                Counter.size = size;
                            }
                        }
                        """);
    }
}
