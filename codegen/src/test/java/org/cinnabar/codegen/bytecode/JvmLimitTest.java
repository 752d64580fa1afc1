package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cinnabar.codegen.bytecode.Expressions.*;
import static org.cinnabar.codegen.bytecode.Statements.*;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JvmLimitTest {
    private static final ClassDesc LARGE = ClassDesc.of("org.cinnabar.generated", "Large");
    private static final Variable N = new Variable("n", CD_int);

    /** An increment takes three bytes and the return one. */
    private static MethodModel increments(int count) {
        Statement increment = assign(N, add(N, constant(1)));
        return MethodModel.of(
                Modifier.STATIC,
                CD_void,
                "grow",
                List.of(N),
                block(Collections.nCopies(count, increment)));
    }

    private static ClassModel large(MethodModel... methods) {
        return ClassModel.of(Modifier.PUBLIC, LARGE, List.of(), List.of(methods));
    }

    @Test
    void compiledMethodsHaveAtMost8000Bytes() {
        assertThat(large(increments(2666)).toBytes()).isNotEmpty();
        assertThatThrownBy(large(increments(2667))::toBytes)
                .isInstanceOfSatisfying(
                        JvmLimitException.class,
                        e -> {
                            assertThat(e.limit()).isEqualTo(JvmLimit.COMPILED_METHOD_BYTES);
                            assertThat(e.actual()).isEqualTo(8002);
                        })
                .hasMessage(
                        "Large.grow has 8002 where 8000 is the most: bytes of bytecode, beyond"
                                + " which HotSpot leaves it interpreted");
    }

    @Test
    void interpretedMethodsHaveAtMost65535Bytes() {
        assertThat(large(increments(21_844).interpretedOk()).toBytes()).isNotEmpty();
        assertThatThrownBy(large(increments(21_845).interpretedOk())::toBytes)
                .hasMessage("Large.grow has 65536 where 65535 is the most: bytes of bytecode");
    }

    @Test
    void jumpsOfAnyLengthCount() {
        List<Statement> body = new ArrayList<>(increments(21_840).body().statements());
        MethodModel method =
                MethodModel.of(
                                Modifier.STATIC,
                                CD_void,
                                "leap",
                                List.of(N),
                                block(ifThen(lt(N, constant(0)), block(body))))
                        .interpretedOk();
        assertThat(large(method).toBytes()).isNotEmpty();
        body.addAll(body.subList(0, 3));
        MethodModel longer =
                MethodModel.of(
                                Modifier.STATIC,
                                CD_void,
                                "leap",
                                List.of(N),
                                block(ifThen(lt(N, constant(0)), block(body))))
                        .interpretedOk();
        assertThatThrownBy(large(longer)::toBytes)
                .isInstanceOf(JvmLimitException.class)
                .hasMessageContaining("Large.leap has 6");
    }

    @Test
    void constantPoolHasAtMost65535Entries() {
        MethodModel[] methods =
                IntStream.range(0, 7)
                        .mapToObj(
                                m ->
                                        MethodModel.of(
                                                        Modifier.STATIC,
                                                        CD_void,
                                                        "load" + m,
                                                        List.of(N),
                                                        block(
                                                                IntStream.range(0, 10_000)
                                                                        .map(i -> m * 10_000 + i)
                                                                        .mapToObj(
                                                                                JvmLimitTest::load)
                                                                        .toList()))
                                                .interpretedOk())
                        .toArray(MethodModel[]::new);
        assertThatThrownBy(large(methods)::toBytes)
                .isInstanceOfSatisfying(
                        JvmLimitException.class,
                        e -> assertThat(e.limit()).isEqualTo(JvmLimit.CONSTANT_POOL_ENTRIES))
                .hasMessageStartingWith("Large has 7");
    }

    private static Statement load(int constant) {
        return assign(N, constant(100_000 + constant));
    }

    @Test
    void callsHaveAtMost255ArgumentSlots() {
        ClassDesc[] longs = Collections.nCopies(127, CD_long).toArray(ClassDesc[]::new);
        assertThat(MethodRef.ofVirtual(LARGE, "fits", CD_void, longs).operandTypes()).hasSize(128);
        ClassDesc[] more = Collections.nCopies(128, CD_long).toArray(ClassDesc[]::new);
        assertThatThrownBy(() -> MethodRef.ofStatic(LARGE, "call", CD_void, more))
                .hasMessage("Large.call has 256 where 255 is the most: argument slots");
    }

    @Test
    void methodsHaveAtMost255ArgumentSlots() {
        List<Variable> parameters =
                IntStream.range(0, 255).mapToObj(i -> new Variable("p" + i, CD_int)).toList();
        MethodModel onClass = MethodModel.of(Modifier.STATIC, CD_void, "wide", parameters, block());
        assertThat(large(onClass).toBytes()).isNotEmpty();
        MethodModel onInstance = MethodModel.of(0, CD_void, "wide", parameters, block());
        assertThatThrownBy(() -> large(onInstance))
                .hasMessage("Large.wide has 256 where 255 is the most: argument slots");
    }

    @Test
    void stringConstantsHaveAtMost65535Bytes() {
        assertThat(large(text("x".repeat(65_535))).toBytes()).isNotEmpty();
        assertThatThrownBy(large(text("\u00e9".repeat(32_768)))::toBytes)
                .hasMessage(
                        "Large.text has 65536 where 65535 is the most: bytes in a string constant");
    }

    private static MethodModel text(String text) {
        return MethodModel.of(
                Modifier.STATIC, CD_String, "text", List.of(), block(returnValue(constant(text))));
    }
}
