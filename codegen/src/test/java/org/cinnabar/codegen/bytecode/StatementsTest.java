package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.BYTES;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.FLOATS;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.I;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.J;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.L;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.NO;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.TEXT;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.YES;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.assertStatements;
import static org.cinnabar.codegen.bytecode.Expressions.*;
import static org.cinnabar.codegen.bytecode.Statements.*;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import org.cinnabar.codegen.bytecode.Statement.Block;
import org.junit.jupiter.api.Test;

class StatementsTest {
    private static final Variable SUM = new Variable("sum", CD_int);
    private static final Variable K = new Variable("k", CD_int);
    private static final Variable TOTAL = new Variable("total", CD_float);
    private static final ClassDesc ERROR = ClassDesc.of("java.lang.IllegalStateException");

    @Test
    void declarationsAndAssignments() {
        Variable wide = new Variable("wide", CD_long);
        assertStatements(
                block(
                        comment("two slots, then one"),
                        declare(wide, add(L, constant(3L))),
                        declare(SUM, cast(wide, CD_int)),
                        assign(SUM, mul(SUM, I)),
                        returnValue(SUM)),
                21,
                "// two slots, then one",
                "long wide = l + 3L;",
                "int sum = (int) wide;",
                "sum = sum * i;",
                "return sum;");
    }

    @Test
    void constantStepsIncrementInPlace() {
        assertStatements(
                block(
                        assign(I, add(I, constant(1))),
                        assign(I, sub(I, constant(1))),
                        assign(I, add(I, constant(300))),
                        assign(I, sub(I, constant(5))),
                        assign(I, sub(I, constant(32768))),
                        assign(I, add(I, constant(32768))),
                        assign(I, add(J, constant(1))),
                        returnValue(I)),
                -2,
                "i++;",
                "i--;",
                "i += 300;",
                "i -= 5;",
                "i -= 32768;",
                "i = i + 32768;",
                "i = j + 1;",
                "return i;");
    }

    @Test
    void arrayElements() {
        assertStatements(
                block(
                        assign(element(FLOATS, constant(1)), constant(8f)),
                        assign(element(BYTES, constant(0)), cast(I, CD_byte)),
                        returnValue(
                                add(
                                        element(FLOATS, constant(1)),
                                        cast(element(BYTES, constant(0)), CD_float)))),
                15f,
                "floats[1] = 8.0f;",
                "bytes[0] = (byte) i;",
                "return floats[1] + (float) bytes[0];");
    }

    @Test
    void droppedResults() {
        MethodRef twoSlots = MethodRef.of(Math.class, "abs", long.class);
        MethodRef oneSlot = MethodRef.of(String.class, "length");
        MethodRef none = MethodRef.of(java.util.Arrays.class, "fill", float[].class, float.class);
        assertStatements(
                block(
                        evaluate(call(twoSlots, L)),
                        evaluate(call(oneSlot, TEXT)),
                        evaluate(call(none, FLOATS, constant(4f))),
                        returnValue(element(FLOATS, constant(2)))),
                4f,
                "Math.abs(l);",
                "text.length();",
                "Arrays.fill(floats, 4.0f);",
                "return floats[2];");
    }

    @Test
    void branches() {
        assertStatements(
                block(
                        declare(SUM, constant(0)),
                        ifThen(lt(J, constant(0)), block(assign(SUM, add(SUM, constant(10))))),
                        ifThenElse(
                                and(YES, gt(J, I)),
                                block(assign(SUM, constant(99))),
                                block(assign(SUM, add(SUM, I)))),
                        returnValue(SUM)),
                17,
                "int sum = 0;",
                "if (j < 0) {",
                "    sum += 10;",
                "}",
                "if (yes && j > i) {",
                "    sum = 99;",
                "} else {",
                "    sum = sum + i;",
                "}",
                "return sum;");
    }

    @Test
    void branchesThatReturn() {
        assertStatements(
                block(
                        ifThen(NO, block(returnValue(constant(1)))),
                        ifThenElse(
                                or(NO, le(I, J)),
                                block(returnValue(constant(2))),
                                block(returnValue(constant(3))))),
                3,
                "if (no) {",
                "    return 1;",
                "}",
                "if (no || i <= j) {",
                "    return 2;",
                "} else {",
                "    return 3;",
                "}");
    }

    @Test
    void countedLoops() {
        assertStatements(
                block(
                        declare(TOTAL, constant(0f)),
                        forLoop(
                                K,
                                constant(0),
                                length(FLOATS),
                                1,
                                block(assign(TOTAL, add(TOTAL, element(FLOATS, K))))),
                        forLoop(
                                K,
                                J,
                                add(I, constant(1)),
                                4,
                                block(assign(TOTAL, add(TOTAL, cast(K, CD_float))))),
                        returnValue(TOTAL)),
                6f + -3 + 1 + 5,
                "float total = 0.0f;",
                "for (int k = 0; k < floats.length; k++) {",
                "    total = total + floats[k];",
                "}",
                "for (int k = j; k < i + 1; k += 4) {",
                "    total = total + (float) k;",
                "}",
                "return total;");
    }

    @Test
    void loopsWithoutTurns() {
        Block count = block(assign(SUM, add(SUM, constant(1))));
        assertStatements(
                block(
                        declare(SUM, constant(0)),
                        forLoop(K, I, J, 1, count),
                        whileLoop(NO, count),
                        returnValue(SUM)),
                0,
                "int sum = 0;",
                "for (int k = i; k < j; k++) {",
                "    sum++;",
                "}",
                "while (no) {",
                "    sum++;",
                "}",
                "return sum;");
    }

    @Test
    void whileLoops() {
        assertStatements(
                block(
                        whileLoop(
                                and(gt(I, constant(1)), ne(J, I)),
                                block(assign(I, div(I, constant(2))))),
                        whileLoop(
                                constant(true),
                                block(
                                        ifThen(gt(I, constant(20)), block(returnValue(I))),
                                        assign(I, add(I, I))))),
                32,
                "while (i > 1 && j != i) {",
                "    i = i / 2;",
                "}",
                "while (true) {",
                "    if (i > 20) {",
                "        return i;",
                "    }",
                "    i = i + i;",
                "}");
    }

    @Test
    void denseSwitches() {
        assertStatements(
                block(
                        switchOn(
                                I,
                                Map.of(
                                        5, block(assign(I, constant(50))),
                                        7, block(assign(I, constant(70))),
                                        8, block()),
                                block(assign(I, constant(0)))),
                        returnValue(I)),
                70,
                "switch (i) {",
                "    case 5 -> {",
                "        i = 50;",
                "    }",
                "    case 7 -> {",
                "        i = 70;",
                "    }",
                "    case 8 -> {",
                "    }",
                "    default -> {",
                "        i = 0;",
                "    }",
                "}",
                "return i;");
    }

    @Test
    void sparseSwitchesThatReturn() {
        assertStatements(
                block(
                        switchOn(
                                J,
                                Map.of(
                                        -3, block(returnValue(constant(1))),
                                        1000, block(returnValue(constant(2)))),
                                block(returnValue(constant(3))))),
                1,
                "switch (j) {",
                "    case -3 -> {",
                "        return 1;",
                "    }",
                "    case 1000 -> {",
                "        return 2;",
                "    }",
                "    default -> {",
                "        return 3;",
                "    }",
                "}");
    }

    @Test
    void scopesReuseNamesAndSlots() {
        Variable half = new Variable("half", CD_float);
        assertStatements(
                block(
                        declare(SUM, constant(0)),
                        block(
                                "floating",
                                List.of(
                                        declare(half, constant(0.5f)),
                                        assign(SUM, cast(mul(half, constant(8f)), CD_int)))),
                        block(declare(K, I), assign(SUM, add(SUM, K))),
                        returnValue(SUM)),
                11,
                "int sum = 0;",
                "{",
                "    // floating",
                "    float half = 0.5f;",
                "    sum = (int) (half * 8.0f);",
                "}",
                "{",
                "    int k = i;",
                "    sum = sum + k;",
                "}",
                "return sum;");
    }

    @Test
    void exceptions() {
        MethodRef error = MethodRef.ofConstructor(ERROR, CD_String);
        Statement raise = throwValue(call(error, constant("below zero")));
        assertThat(raise.render()).isEqualTo("throw new IllegalStateException(\"below zero\");\n");
        ClassModel model = method(CD_void, block(ifThen(lt(I, constant(0)), block(raise))));
        BytecodeAssertions.assertSameAsJavac(model);
        Class<?> subject = BytecodeAssertions.define(model);
        BytecodeAssertions.call(subject, "value", 0);
        assertThatThrownBy(() -> BytecodeAssertions.call(subject, "value", -1))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("below zero");
    }

    @Test
    void rejectsUnreachableAndUnfinishedCode() {
        assertThatThrownBy(() -> block(returnValue(I), assign(I, J)))
                .hasMessage("unreachable: i = j;\nafter return i;");
        assertThatThrownBy(() -> method(CD_int, block(ifThen(NO, block(returnValue(I))))))
                .hasMessage("method value can end without returning int");
    }

    @Test
    void rejectsWrongTypes() {
        assertThatThrownBy(() -> declare(SUM, L)).hasMessage("sum is int but l is long");
        assertThatThrownBy(() -> assign(element(BYTES, I), I))
                .hasMessage("bytes[i] is byte but i is int");
        assertThatThrownBy(() -> declare(new Variable("o", CD_Object), TEXT))
                .hasMessage("o is Object but text is String; cast it");
        assertThatThrownBy(() -> ifThen(I, block()))
                .hasMessage("condition must be boolean but i is int");
        assertThatThrownBy(() -> forLoop(TOTAL, I, J, 1, block()))
                .hasMessage("loop index total is float, not int");
        assertThatThrownBy(() -> forLoop(K, I, J, 0, block())).hasMessage("step of k is 0");
        assertThatThrownBy(() -> switchOn(L, Map.of(), block()))
                .hasMessage("selector must be int but l is long");
        assertThatThrownBy(() -> throwValue(I)).hasMessage("cannot throw i, a int");
    }

    @Test
    void errorsOnEmissionNameTheMethod() {
        assertThatThrownBy(method(CD_void, block(assign(SUM, I)))::toBytes)
                .hasMessage("Subject.value uses int sum, which is not in scope");
        assertThatThrownBy(method(CD_void, block(block(declare(K, I)), assign(K, I)))::toBytes)
                .hasMessage("Subject.value uses int k, which is not in scope");
        assertThatThrownBy(method(CD_void, block(declare(I, constant(0))))::toBytes)
                .hasMessage("Subject.value declares i while it is in scope");
        assertThatThrownBy(method(CD_void, block(returnValue(I)))::toBytes)
                .hasMessage("Subject.value is declared void but returns i");
        assertThatThrownBy(method(CD_int, block(returnVoid()))::toBytes)
                .hasMessage("Subject.value is declared int but returns nothing");
        assertThatThrownBy(method(CD_float, block(returnValue(I)))::toBytes)
                .hasMessage("result of Subject.value is float but i is int");
    }

    private static ClassModel method(ClassDesc returns, Block body) {
        MethodModel method =
                MethodModel.of(
                        Modifier.PUBLIC | Modifier.STATIC, returns, "value", List.of(I), body);
        return ClassModel.of(
                Modifier.PUBLIC, BytecodeAssertions.TEST_CLASS, List.of(), List.of(method));
    }
}
