package org.cinnabar.codegen.bytecode;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.assertj.core.api.Assertions.assertThat;
import static org.cinnabar.codegen.bytecode.Expressions.*;
import static org.cinnabar.codegen.bytecode.Statements.*;

import java.lang.constant.ClassDesc;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The code shape that kernels need: plain invocations, vectors in locals, one tested loop. */
class VectorKernelTest {
    private static final ClassDesc KERNEL = ClassDesc.of("org.cinnabar.generated", "Kernel");
    private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector", "Vector");
    private static final ClassDesc FLOATS = ClassDesc.of("jdk.incubator.vector", "FloatVector");
    private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector", "VectorSpecies");

    private static final MethodRef LOAD =
            MethodRef.ofStatic(FLOATS, "fromArray", FLOATS, SPECIES, CD_float.arrayType(), CD_int);
    private static final MethodRef BROADCAST =
            MethodRef.ofStatic(FLOATS, "broadcast", FLOATS, SPECIES, CD_float);
    private static final MethodRef ZERO = MethodRef.ofStatic(FLOATS, "zero", FLOATS, SPECIES);
    private static final MethodRef FMA = MethodRef.ofVirtual(FLOATS, "fma", FLOATS, VECTOR, VECTOR);
    private static final MethodRef STORE =
            MethodRef.ofVirtual(FLOATS, "intoArray", CD_void, CD_float.arrayType(), CD_int);

    private static final FieldModel LANES =
            FieldModel.of(
                    Modifier.PRIVATE | Modifier.STATIC | Modifier.FINAL,
                    "LANES",
                    SPECIES,
                    field(new FieldRef(FLOATS, "SPECIES_128", SPECIES)));
    private static final Expression LANES_FIELD = field(LANES.in(KERNEL));

    private static final Variable ARENA = new Variable("arena", CD_float.arrayType());
    private static final Variable W = new Variable("w", CD_float.arrayType());
    private static final Variable A = new Variable("a", CD_int);
    private static final Variable B = new Variable("b", CD_int);
    private static final Variable C = new Variable("c", CD_int);
    private static final Variable K = new Variable("k", CD_int);
    private static final Variable I = new Variable("i", CD_int);

    /** {@code columns * 4} sums of {@code k} products, all held in locals. */
    private static ClassModel tile(int columns) {
        List<Statement> body = new ArrayList<>();
        List<Statement> loop = new ArrayList<>();
        List<Statement> stores = new ArrayList<>();
        Variable t = new Variable("t", FLOATS);
        loop.add(declare(t, call(BROADCAST, LANES_FIELD, element(ARENA, add(A, I)))));
        for (int column = 0; column < columns; column++) {
            Variable sum = new Variable("c" + column, FLOATS);
            Variable weights = new Variable("b" + column, FLOATS);
            Expression offset = add(add(B, mul(I, constant(4 * columns))), constant(4 * column));
            body.add(declare(sum, call(ZERO, LANES_FIELD)));
            loop.add(declare(weights, call(LOAD, LANES_FIELD, W, offset)));
            loop.add(assign(sum, call(FMA, t, weights, sum)));
            stores.add(evaluate(call(STORE, sum, ARENA, add(C, constant(4 * column)))));
        }
        body.add(forLoop(I, constant(0), K, 1, block(loop)));
        body.addAll(stores);
        MethodModel tile =
                MethodModel.of(
                        Modifier.STATIC,
                        CD_void,
                        "tile",
                        List.of(ARENA, A, W, B, C, K),
                        block(body));
        return ClassModel.of(
                Modifier.PUBLIC | Modifier.FINAL, KERNEL, List.of(LANES), List.of(tile));
    }

    @Test
    void readsAsWrittenByHand() {
        assertThat(tile(2).render())
                .isEqualTo(
                        """
                        package org.cinnabar.generated;

                        import jdk.incubator.vector.FloatVector;
                        import jdk.incubator.vector.VectorSpecies;

                        public final class Kernel {
                            private static final VectorSpecies LANES = FloatVector.SPECIES_128;

                            static void tile(float[] arena, int a, float[] w, int b, int c, int k) {
                                FloatVector c0 = FloatVector.zero(LANES);
                                FloatVector c1 = FloatVector.zero(LANES);
                                for (int i = 0; i < k; i++) {
                                    FloatVector t = FloatVector.broadcast(LANES, arena[a + i]);
                                    FloatVector b0 = FloatVector.fromArray(LANES, w, b + i * 8);
                                    c0 = t.fma(b0, c0);
                                    FloatVector b1 = FloatVector.fromArray(LANES, w, b + i * 8 + 4);
                                    c1 = t.fma(b1, c1);
                                }
                                c0.intoArray(arena, c);
                                c1.intoArray(arena, c + 4);
                            }
                        }
                        """);
    }

    @Test
    void isWhatJavacEmits() {
        BytecodeAssertions.assertSameAsJavac(tile(3));
    }

    @Test
    void computesTheProduct() {
        int columns = 3;
        Class<?> kernel = BytecodeAssertions.define(tile(columns));
        for (int k : new int[] {0, 1, 7}) {
            float[] arena = new float[k + 4 * columns + 1];
            float[] weights = new float[4 * columns * k];
            IntStream.range(0, k).forEach(i -> arena[i] = i - 2.5f);
            IntStream.range(0, weights.length).forEach(i -> weights[i] = i % 11 - 4);
            float[] expected = arena.clone();
            for (int column = 0; column < 4 * columns; column++) {
                for (int i = 0; i < k; i++) {
                    expected[k + 1 + column] += arena[i] * weights[i * 4 * columns + column];
                }
            }
            BytecodeAssertions.call(kernel, "tile", arena, 0, weights, 0, k + 1, k);
            assertThat(arena).containsExactly(expected);
        }
    }
}
