package org.cinnabar.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {
    private final Affine model = new Affine(7, true);

    @Test
    void runsOnArraysAndReadsThemAgainAtEveryRun() {
        Session session = model.session();
        float[] x = new float[7];
        float[] y = new float[7];
        session.input("x").bind(x);
        session.output("y").bind(y);
        for (int round = 0; round < 3; round++) {
            Arrays.fill(x, round);
            session.run();
            assertThat(y).containsExactly(model.expected(x));
        }
    }

    @Test
    void bindsPartsOfArrays() {
        Session session = model.session();
        float[] x = Affine.ramp(20);
        float[] y = new float[20];
        session.input(0).bind(x, 5, 7);
        session.output(0).bind(y, 11, 7);
        session.run();
        float[] expected = new float[20];
        float[] part = Arrays.copyOfRange(x, 5, 12);
        System.arraycopy(model.expected(part), 0, expected, 11, 7);
        assertThat(y).containsExactly(expected);
    }

    @Test
    void bindsBuffersBetweenPositionAndLimitWithoutMovingThem() {
        Session session = model.session();
        float[] x = Affine.ramp(14);
        FloatBuffer in = ByteBuffer.allocateDirect(80).asFloatBuffer();
        in.put(3, x).position(3).limit(17);
        FloatBuffer out = FloatBuffer.allocate(30).position(1).limit(15);
        session.input(0).bind(in);
        session.output(0).bind(out);
        session.run();
        float[] y = new float[14];
        out.get(1, y);
        assertThat(y).containsExactly(model.expected(x));
        assertThat(List.of(in.position(), in.limit(), out.position(), out.limit()))
                .containsExactly(3, 17, 1, 15);
    }

    @Test
    void bindsUnalignedSegmentsOnAndOffHeap() {
        Session session = model.session();
        float[] x = Affine.ramp(14);
        try (Arena memory = Arena.ofConfined()) {
            MemorySegment in = memory.allocate(57).asSlice(1);
            MemorySegment.copy(x, 0, in, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 14);
            float[] y = new float[14];
            session.input(0).bind(in);
            session.output(0).bind(MemorySegment.ofArray(y));
            session.run();
            assertThat(y).containsExactly(model.expected(x));
        }
    }

    @Test
    void runsABatchItemAfterItem() {
        Session session = model.session();
        float[] x = Affine.ramp(35);
        float[] y = new float[35];
        session.input(0).bind(x);
        session.output(0).bind(y);
        session.run();
        assertThat(y).containsExactly(model.expected(x));
    }

    @Test
    void rejectsWrongSizesNamingModelPortAndCounts() {
        Session session = model.session();
        assertThatThrownBy(() -> session.input(0).bind(new float[10]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "affine: input 'x' takes 7 = 7 values per item; got 10, which is not a"
                                + " multiple");
        assertThatThrownBy(() -> session.output(0).bind(FloatBuffer.allocate(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("affine: output 'y' takes 7 = 7 values per item; got 0");
        assertThatThrownBy(() -> session.input(0).bind(MemorySegment.ofArray(new byte[29])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("29 bytes");
        assertThatThrownBy(() -> new Affine(7, false).session().input(0).bind(new float[14]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("affine: input 'x' takes 1x7 = 7 values; got 14");
    }

    @Test
    void rejectsReadOnlyOutputs() {
        Slot output = model.session().output(0);
        assertThatThrownBy(() -> output.bind(FloatBuffer.allocate(7).asReadOnlyBuffer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'y'");
        assertThatThrownBy(() -> output.bind(MemorySegment.ofArray(new float[7]).asReadOnly()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rejectsBatchesThatDisagreeAndInputsNotBound() {
        Session session = model.session();
        assertThatThrownBy(session::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("affine: input 'x' is not bound");
        session.input(0).bind(new float[14]);
        session.output(0).bind(new float[21]);
        assertThatThrownBy(session::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("affine: output 'y' has room for 3x7, input 'x' holds 2x7");
    }

    @Test
    void rejectsUnknownNames() {
        assertThatThrownBy(() -> model.session().input("image"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("affine has no input 'image'; it has 'x'");
    }

    @Test
    void leavesUnboundOutputsAlone() {
        Session session = model.session();
        session.input(0).bind(new float[7]);
        session.run();
    }

    @Test
    void rejectsASecondRunAtTheSameTime() {
        Session[] self = new Session[1];
        Program reentrant =
                new Affine.Steps(7) {
                    @Override
                    public void run(
                            int step, int from, int to, int own, float[] arena, float[] weights) {
                        self[0].run();
                    }
                };
        Session session = new Affine(7, true, reentrant).session();
        self[0] = session;
        session.input(0).bind(new float[7]);
        assertThatThrownBy(session::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("once at a time");
    }
}
