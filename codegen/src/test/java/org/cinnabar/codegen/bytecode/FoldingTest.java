package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_long;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.F;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.FLOATS;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.I;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.J;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.L;
import static org.cinnabar.codegen.bytecode.BytecodeAssertions.assertExpression;
import static org.cinnabar.codegen.bytecode.Expressions.*;

import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

class FoldingTest {
    @Test
    void foldsConstants() {
        assertExpression(mul(constant(3), constant(16)), 48, "48");
        assertExpression(div(constant(-7), constant(2)), -3, "-3");
        assertExpression(rem(constant(-7), constant(2)), -1, "-1");
        assertExpression(ushr(constant(-1), constant(31)), 1, "1");
        assertExpression(shl(constant(1), constant(33)), 2, "2");
        assertExpression(shl(constant(1L), constant(33)), 1L << 33, "8589934592L");
        assertExpression(mul(constant(1 << 20), constant(1 << 20)), 0, "0");
        assertExpression(neg(constant(Integer.MIN_VALUE)), Integer.MIN_VALUE, "-2147483648");
        assertExpression(cast(constant(5), CD_long), 5L, "5L");
        assertExpression(cast(constant(5), CD_float), 5f, "5.0f");
        assertExpression(neg(constant(0f)), -0f, "-0.0f");
    }

    @Test
    void keepsDivisionByZero() {
        assertThat(div(constant(1), constant(0)).render()).isEqualTo("1 / 0");
        assertThat(rem(constant(1L), constant(0L)).render()).isEqualTo("1L % 0L");
    }

    @Test
    void gathersConstantTermsAtTheEnd() {
        assertExpression(add(add(I, constant(2)), constant(3)), 12, "i + 5");
        assertExpression(add(constant(2), I), 9, "i + 2");
        assertExpression(sub(add(I, constant(2)), constant(5)), 4, "i - 3");
        assertExpression(add(I, constant(-1)), 6, "i - 1");
        assertExpression(add(add(I, constant(2)), constant(-2)), 7, "i");
        assertExpression(add(add(I, constant(3)), add(J, constant(4))), 11, "i + j + 7");
        assertExpression(sub(add(I, constant(3)), sub(J, constant(4))), 17, "i - j + 7");
        assertExpression(sub(constant(10), add(I, constant(3))), 0, "7 - i");
        assertExpression(add(L, constant(0L)), 1L << 40, "l");
        assertExpression(
                add(I, constant(Integer.MIN_VALUE)), 7 + Integer.MIN_VALUE, "i + -2147483648");
        assertExpression(
                add(add(J, mul(I, constant(64))), mul(constant(3), constant(16))),
                493,
                "j + i * 64 + 48");
    }

    @Test
    void mergesConstantFactors() {
        assertExpression(mul(I, constant(1)), 7, "i");
        assertExpression(mul(I, constant(0)), 0, "0");
        assertExpression(mul(constant(2), mul(I, constant(3))), 42, "i * 6");
        assertExpression(div(I, constant(1)), 7, "i");
        assertExpression(shl(I, constant(0)), 7, "i");
    }

    @Test
    void keepsEffectsAndFloatingPoint() {
        Expression read = mul(length(FLOATS), constant(0));
        assertExpression(read, 0, "floats.length * 0");
        assertExpression(add(add(F, constant(1f)), constant(2f)), 5.5f, "f + 1.0f + 2.0f");
        assertExpression(mul(F, constant(1f)), 2.5f, "f * 1.0f");
    }

    /** Random sums and products wrap around just as they do unfolded. */
    @Test
    void agreesWithJavaOnRandomTrees() {
        Random random = new Random(11);
        for (int round = 0; round < 20; round++) {
            Tree tree = Tree.random(random, 5);
            Expression expression = tree.expression;
            assertExpression(expression, tree.value.applyAsInt(7, -3), expression.render());
        }
    }

    private record Tree(Expression expression, IntBinaryOperator value) {
        static Tree random(Random random, int depth) {
            if (depth == 0) {
                int constant = random.nextBoolean() ? random.nextInt() : random.nextInt(9) - 4;
                return switch (random.nextInt(3)) {
                    case 0 -> new Tree(I, (i, _) -> i);
                    case 1 -> new Tree(J, (_, j) -> j);
                    default -> new Tree(constant(constant), (_, _) -> constant);
                };
            }
            Tree l = random(random, depth - 1);
            Tree r = random(random, depth - 1);
            return switch (random.nextInt(3)) {
                case 0 ->
                        new Tree(
                                add(l.expression, r.expression),
                                (i, j) -> l.value.applyAsInt(i, j) + r.value.applyAsInt(i, j));
                case 1 ->
                        new Tree(
                                sub(l.expression, r.expression),
                                (i, j) -> l.value.applyAsInt(i, j) - r.value.applyAsInt(i, j));
                default ->
                        new Tree(
                                mul(l.expression, r.expression),
                                (i, j) -> l.value.applyAsInt(i, j) * r.value.applyAsInt(i, j));
            };
        }
    }
}
