package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import org.cinnabar.ir.Dim;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.text.GraphParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchAxisTest {
    private static final Dim N = Dim.symbol("N");

    private static Graph graph(String body) {
        return GraphParser.parse(
                """
                graph @g(%x: f32[N,4,6]) -> (%y) {
                  %y = BODY
                }
                @w = matrix(f32[3,6] normal(seed=1))
                """
                        .replace("BODY", body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relu(%x)",
                "add(%x, %x)",
                "linear(%x, @w)",
                "reshape(%x) shape=[N,24]",
                "reshape(%x) shape=[N,2,12]",
                "transpose(%x) permutation=[0,2,1]",
                "slice(%x) axis=1 start=1 step=2 count=2",
                "concat(%x, %x) axis=2",
                "reduce(%x) f=sum axes=[1,2]",
                "pad(%x) begin=[0,1,0] end=[0,0,1] mode=constant value=0"
            })
    void acceptsOpsThatKeepRowsApart(String body) {
        assertThat(BatchAxis.isSeparable(graph(body), N)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reshape(%x) shape=[4*N,6]",
                "reshape(%x) shape=[1,4*N,6]",
                "reshape(%x) shape=[2,2*N,6]",
                "transpose(%x) permutation=[1,0,2]",
                "slice(%x) axis=0 start=0 step=1 count=1",
                "concat(%x, %x) axis=0",
                "reduce(%x) f=mean axes=[0]",
                "pad(%x) begin=[1,0,0] end=[0,0,0] mode=constant value=0"
            })
    void rejectsOpsThatMixRows(String body) {
        assertThat(BatchAxis.isSeparable(graph(body), N)).isFalse();
    }

    @Test
    void seesWhetherConstantsAreTheSameForEveryRow() {
        String text =
                """
                graph @g(%x: f32[2,3]) -> (%y) {
                  %c = const f32[SHAPE] normal(seed=1)
                  %y = add(%x, %c)
                }
                """;
        Dim two = Dim.of(2);
        assertThat(BatchAxis.isSeparable(GraphParser.parse(text.replace("SHAPE", "3")), two))
                .isTrue();
        assertThat(BatchAxis.isSeparable(GraphParser.parse(text.replace("SHAPE", "1,3")), two))
                .isTrue();
        assertThat(BatchAxis.isSeparable(GraphParser.parse(text.replace("SHAPE", "2,3")), two))
                .isFalse();
    }

    @Test
    void followsBatchesOfMatrices() {
        String text =
                """
                graph @g(%x: f32[N,4,6], %z: f32[N,6,5]) -> (%y) {
                  %y = matmul(%x, %z)
                }
                """;
        assertThat(BatchAxis.isSeparable(GraphParser.parse(text), N)).isTrue();
        String flat =
                """
                graph @g(%x: f32[N,6], %z: f32[6,N]) -> (%y) {
                  %y = matmul(%x, %z)
                }
                """;
        assertThat(BatchAxis.isSeparable(GraphParser.parse(flat), N)).isFalse();
    }

    @Test
    void rejectsAnInputWithoutTheBatch() {
        String text =
                """
                graph @g(%x: f32[N,4], %z: f32[3,4]) -> (%y, %u) {
                  %y = relu(%x)
                  %u = relu(%z)
                }
                """;
        assertThat(BatchAxis.isSeparable(GraphParser.parse(text), N)).isFalse();
    }
}
