package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_List;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_char;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.B;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.BYTES;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.D;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.F;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.FLOATS;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.I;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.J;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.L;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.NAN;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.NO;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.TEXT;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.YES;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.assertExpression;
import static org.cinnabar.codegen.bytecode.Expressions.*;

import java.lang.constant.ClassDesc;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpressionsTest {
    private static final ClassDesc CD_StringBuilder = ClassDesc.of("java.lang.StringBuilder");
    private static final MethodRef STRING_LENGTH = MethodRef.of(String.class, "length");

    @Test
    void constants() {
        for (int value : new int[] {0, -1, 5, 6, 127, -128, 128, 32767, -32768, 32768}) {
            assertExpression(constant(value), value, Integer.toString(value));
        }
        assertExpression(constant(Integer.MIN_VALUE), Integer.MIN_VALUE, "-2147483648");
        assertExpression(constant(1L), 1L, "1L");
        assertExpression(constant(-9L), -9L, "-9L");
        assertExpression(constant(2f), 2f, "2.0f");
        assertExpression(constant(-0f), -0f, "-0.0f");
        assertExpression(constant(1e-20f), 1e-20f, "1.0E-20f");
        assertExpression(constant(1.0), 1.0, "1.0");
        assertExpression(constant(0.1), 0.1, "0.1");
        assertExpression(constant(true), true, "true");
        assertExpression(constant("a\"\\\n\u00e9"), "a\"\\\n\u00e9", "\"a\\\"\\\\\\n\\u00e9\"");
        assertExpression(classConstant(CD_String), String.class, "String.class");
        assertExpression(classConstant(CD_float.arrayType()), float[].class, "float[].class");
        assertExpression(nullConstant(CD_String), null, "null");
    }

    @Test
    void constantsWithoutLiteral() {
        assertThat(constant(Float.NaN).render()).isEqualTo("Float.NaN");
        assertThat(constant(Double.NaN).render()).isEqualTo("Double.NaN");
        assertExpression(
                constant(Float.NEGATIVE_INFINITY),
                Float.NEGATIVE_INFINITY,
                "Float.NEGATIVE_INFINITY");
        assertExpression(
                constant(Double.POSITIVE_INFINITY),
                Double.POSITIVE_INFINITY,
                "Double.POSITIVE_INFINITY");
    }

    @Test
    void variables() {
        assertExpression(I, 7, "i");
        assertExpression(L, 1L << 40, "l");
        assertExpression(F, 2.5f, "f");
        assertExpression(D, 0.125, "d");
        assertExpression(B, (byte) -5, "b");
        assertExpression(YES, true, "yes");
        assertExpression(TEXT, "seven", "text");
    }

    @Test
    void arithmetic() {
        assertExpression(add(I, J), 4, "i + j");
        assertExpression(sub(I, J), 10, "i - j");
        assertExpression(mul(I, J), -21, "i * j");
        assertExpression(div(I, J), -2, "i / j");
        assertExpression(rem(I, J), 1, "i % j");
        assertExpression(neg(I), -7, "-i");
        assertExpression(add(L, L), 1L << 41, "l + l");
        assertExpression(rem(L, constant(7L)), (1L << 40) % 7, "l % 7L");
        assertExpression(neg(L), -(1L << 40), "-l");
        assertExpression(sub(F, constant(1f)), 1.5f, "f - 1.0f");
        assertExpression(div(F, constant(2f)), 1.25f, "f / 2.0f");
        assertExpression(rem(F, constant(2f)), 0.5f, "f % 2.0f");
        assertExpression(neg(F), -2.5f, "-f");
        assertExpression(mul(D, D), 0.015625, "d * d");
        assertExpression(add(B, I), 2, "b + i");
    }

    @Test
    void bits() {
        assertExpression(shl(I, constant(3)), 56, "i << 3");
        assertExpression(shr(J, constant(1)), -2, "j >> 1");
        assertExpression(ushr(J, constant(28)), 15, "j >>> 28");
        assertExpression(shl(L, I), 1L << 47, "l << i");
        assertExpression(ushr(neg(L), constant(60)), 15L, "-l >>> 60");
        assertExpression(bitAnd(J, constant(255)), 253, "j & 255");
        assertExpression(bitOr(I, constant(8)), 15, "i | 8");
        assertExpression(bitXor(I, constant(-1)), -8, "i ^ -1");
        assertExpression(bitAnd(L, constant(-1L)), 1L << 40, "l & -1L");
    }

    @Test
    void parenthesesOnlyWhereNeeded() {
        assertExpression(mul(add(I, J), J), -12, "(i + j) * j");
        assertExpression(add(mul(I, J), J), -24, "i * j + j");
        assertExpression(sub(I, sub(J, I)), 17, "i - (j - i)");
        assertExpression(sub(sub(I, J), I), 3, "i - j - i");
        assertExpression(add(F, add(F, NAN)), Float.NaN, "f + (f + nan)");
        assertExpression(div(I, mul(J, J)), 0, "i / (j * j)");
        assertExpression(neg(neg(I)), 7, "-(-i)");
        assertExpression(neg(add(I, J)), -4, "-(i + j)");
        assertExpression(shl(add(I, J), constant(1)), 8, "i + j << 1");
        assertExpression(bitOr(bitAnd(I, J), bitXor(I, J)), -1, "i & j | i ^ j");
        assertExpression(bitAnd(bitOr(I, J), I), 7, "(i | j) & i");
        assertExpression(cast(add(I, J), CD_float), 4f, "(float) (i + j)");
        assertExpression(neg(cast(I, CD_float)), -7f, "-((float) i)");
    }

    @Test
    void comparisons() {
        assertExpression(lt(I, J), false, "i < j");
        assertExpression(le(I, I), true, "i <= i");
        assertExpression(gt(I, constant(0)), true, "i > 0");
        assertExpression(ge(J, constant(0)), false, "j >= 0");
        assertExpression(eq(I, constant(7)), true, "i == 7");
        assertExpression(ne(I, J), true, "i != j");
        assertExpression(lt(L, constant(0L)), false, "l < 0L");
        assertExpression(gt(F, constant(1f)), true, "f > 1.0f");
        assertExpression(le(D, D), true, "d <= d");
        assertExpression(eq(TEXT, nullConstant(CD_String)), false, "text == null");
        assertExpression(ne(TEXT, TEXT), false, "text != text");
        assertExpression(eq(YES, NO), false, "yes == no");
        assertExpression(lt(B, I), true, "b < i");
    }

    @Test
    void nanIsUnordered() {
        assertExpression(lt(NAN, F), false, "nan < f");
        assertExpression(le(NAN, F), false, "nan <= f");
        assertExpression(gt(NAN, F), false, "nan > f");
        assertExpression(ge(NAN, F), false, "nan >= f");
        assertExpression(eq(NAN, NAN), false, "nan == nan");
        assertExpression(ne(NAN, NAN), true, "nan != nan");
        assertExpression(not(lt(NAN, F)), true, "!(nan < f)");
        assertExpression(not(gt(NAN, F)), true, "!(nan > f)");
        assertExpression(or(lt(NAN, F), ge(NAN, F)), false, "nan < f || nan >= f");
    }

    @Test
    void logic() {
        assertExpression(and(YES, NO), false, "yes && no");
        assertExpression(or(NO, YES), true, "no || yes");
        assertExpression(not(YES), false, "!yes");
        assertExpression(
                and(or(lt(I, J), YES), not(and(YES, NO))), true, "(i < j || yes) && !(yes && no)");
        assertExpression(
                or(and(YES, gt(I, J)), and(NO, lt(I, J))), true, "yes && i > j || no && i < j");
        assertExpression(not(or(NO, eq(I, J))), true, "!(no || i == j)");
    }

    @Test
    void logicIsLazy() {
        Expression outOfBounds = gt(element(FLOATS, I), constant(0f));
        assertExpression(and(NO, outOfBounds), false, "no && floats[i] > 0.0f");
        assertExpression(or(YES, outOfBounds), true, "yes || floats[i] > 0.0f");
    }

    @Test
    void conditionals() {
        assertExpression(conditional(lt(I, J), I, J), -3, "i < j ? i : j");
        assertExpression(conditional(not(NO), F, NAN), 2.5f, "!no ? f : nan");
        assertExpression(
                add(I, conditional(YES, constant(1), conditional(NO, I, J))),
                8,
                "i + (yes ? 1 : no ? i : j)");
        assertExpression(conditional(YES, lt(I, J), NO), false, "yes ? i < j : no");
        assertExpression(
                conditional(conditional(YES, NO, YES), I, J), -3, "(yes ? no : yes) ? i : j");
    }

    @Test
    void casts() {
        assertExpression(cast(I, CD_long), 7L, "(long) i");
        assertExpression(cast(L, CD_int), 0, "(int) l");
        assertExpression(cast(F, CD_int), 2, "(int) f");
        assertExpression(cast(NAN, CD_long), 0L, "(long) nan");
        assertExpression(cast(D, CD_float), 0.125f, "(float) d");
        assertExpression(cast(F, CD_double), 2.5, "(double) f");
        assertExpression(cast(constant(300), CD_byte), (byte) 44, "(byte) 44");
        assertExpression(cast(add(I, I), CD_byte), (byte) 14, "(byte) (i + i)");
        assertExpression(cast(constant(-3.5f), CD_char), '\ufffd', "(char) 65533");
        assertExpression(cast(J, CD_short), (short) -3, "(short) j");
        assertExpression(cast(J, CD_char), '\ufffd', "(char) j");
        assertExpression(cast(F, CD_byte), (byte) 2, "(byte) f");
        assertThat(cast(I, CD_int)).isSameAs(I);
        Expression object = cast(TEXT, CD_Object);
        assertExpression(
                call(STRING_LENGTH, cast(object, CD_String)),
                5,
                "((String) (Object) text).length()");
    }

    @Test
    void arrays() {
        assertExpression(element(FLOATS, constant(1)), 2f, "floats[1]");
        assertExpression(element(BYTES, constant(0)), (byte) -1, "bytes[0]");
        assertExpression(add(element(BYTES, constant(1)), I), 134, "bytes[1] + i");
        assertExpression(length(FLOATS), 3, "floats.length");
        assertExpression(newArray(CD_float, constant(2)), new float[2], "new float[2]");
        assertExpression(newArray(CD_float.arrayType(), I), new float[7][], "new float[i][]");
        assertExpression(element(newArray(CD_int, constant(2)), constant(1)), 0, "(new int[2])[1]");
        assertExpression(length(newArray(CD_String, I)), 7, "new String[i].length");
    }

    @Test
    void calls() {
        assertExpression(
                call(MethodRef.of(Math.class, "max", int.class, int.class), I, J),
                7,
                "Math.max(i, j)");
        assertExpression(call(STRING_LENGTH, TEXT), 5, "text.length()");
        Expression list =
                call(
                        MethodRef.ofInterfaceStatic(CD_List, "of", CD_List, CD_Object, CD_Object),
                        TEXT,
                        TEXT);
        assertExpression(list, List.of("seven", "seven"), "List.of(text, text)");
        assertExpression(
                call(MethodRef.ofInterface(CD_List, "size", CD_int), list),
                2,
                "List.of(text, text).size()");
        Expression builder = call(MethodRef.ofConstructor(CD_StringBuilder, CD_int), I);
        assertExpression(
                call(
                        MethodRef.ofVirtual(CD_StringBuilder, "toString", CD_String),
                        call(
                                MethodRef.ofVirtual(
                                        CD_StringBuilder, "append", CD_StringBuilder, CD_float),
                                builder,
                                F)),
                "2.5",
                "new StringBuilder(i).append(f).toString()");
    }

    @Test
    void staticFields() {
        FieldRef minimum =
                new FieldRef(
                        CD_String, "CASE_INSENSITIVE_ORDER", ClassDesc.of("java.util.Comparator"));
        assertExpression(
                field(minimum), String.CASE_INSENSITIVE_ORDER, "String.CASE_INSENSITIVE_ORDER");
    }

    @Test
    void typesArePromoted() {
        assertThat(add(B, B).type()).isEqualTo(CD_int);
        assertThat(neg(B).type()).isEqualTo(CD_int);
        assertThat(shl(L, I).type()).isEqualTo(CD_long);
        assertThat(lt(F, F).type()).isEqualTo(CD_boolean);
        assertThat(element(FLOATS, I).type()).isEqualTo(CD_float);
        assertThat(length(FLOATS).type()).isEqualTo(CD_int);
        assertThat(conditional(YES, D, D).type()).isEqualTo(CD_double);
    }

    @Test
    void rejectsWhatJavaRejectsAndSilentWidening() {
        assertRejected(() -> add(I, L), "+ does not apply to i, a int, and l, a long");
        assertRejected(() -> add(YES, NO), "+ does not apply to yes, a boolean, and no, a boolean");
        assertRejected(() -> shl(F, I), "<< does not apply");
        assertRejected(() -> shl(I, L), "<< does not apply");
        assertRejected(() -> bitAnd(F, F), "& does not apply");
        assertRejected(() -> neg(TEXT), "cannot negate text, a String");
        assertRejected(() -> lt(YES, NO), "< does not apply");
        assertRejected(() -> eq(I, TEXT), "== does not apply");
        assertRejected(() -> and(I, YES), "operand of && must be boolean but i is int");
        assertRejected(() -> not(I), "operand of ! must be boolean but i is int");
        assertRejected(() -> conditional(I, I, I), "condition must be boolean but i is int");
        assertRejected(
                () -> conditional(YES, I, F), "?: does not apply to i, a int, and f, a float");
        assertRejected(() -> cast(YES, CD_int), "cannot cast yes, a boolean, to int");
        assertRejected(() -> cast(I, CD_Integer), "cannot cast i, a int, to Integer");
        assertRejected(() -> element(I, I), "i is int, not an array");
        assertRejected(() -> element(FLOATS, L), "index must be int but l is long");
        assertRejected(() -> length(TEXT), "text is String, not an array");
        assertRejected(() -> call(STRING_LENGTH), "String.length takes 1 operands, got 0");
        assertRejected(
                () -> call(STRING_LENGTH, I), "operand 0 of String.length is String but i is int");
        assertRejected(
                () -> call(STRING_LENGTH, cast(TEXT, CD_Object)),
                "operand 0 of String.length is String but (Object) text is Object");
        assertRejected(
                () -> call(STRING_LENGTH, FLOATS),
                "operand 0 of String.length is String but floats is float[]");
        assertRejected(
                () -> call(MethodRef.of(Math.class, "sqrt", double.class), F),
                "operand 0 of Math.sqrt is double but f is float");
        assertRejected(() -> MethodRef.of(Math.class, "sqrt", float.class), "no such method: ");
        assertRejected(() -> new Expression.Constant(1, CD_float), "no constant 1 of type float");
        assertRejected(() -> new Variable("2x", CD_int), "not a Java identifier: \"2x\"");
    }

    private static void assertRejected(Runnable construction, String message) {
        assertThatThrownBy(construction::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
