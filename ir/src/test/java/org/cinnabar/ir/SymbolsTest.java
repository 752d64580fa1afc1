package org.cinnabar.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.cinnabar.ir.text.GraphParser;
import org.cinnabar.ir.text.GraphPrinter;
import org.junit.jupiter.api.Test;

class SymbolsTest {
    private static final Graph GRAPH =
            GraphParser.parse(
                    """
            graph @g(%x: f32[N,3,H,7], %m: f32[N,2*H]) -> (%y, %2, %z) {
              %1 = pool(%x) f=max window=3x3/2+1 countPadding=false
              %y = reshape(%1) shape=[N,6*((H-1)/2)+6,2]
              %2 = slice(%m) axis=1 start=H step=1 count=H
              %3 = const f32[] 1
              %z = expand(%3) shape=[N,H]
            }
            """);

    private static Map<String, TensorType> types(TensorType x, TensorType m) {
        return Map.of("x", x, "m", m);
    }

    @Test
    void matchFindsTheValuesOfSymbols() {
        assertThat(Symbols.match(GRAPH, types(TensorType.f32(5, 3, 9, 7), TensorType.f32(5, 18))))
                .isEqualTo(Map.of("N", 5L, "H", 9L));
        assertThat(Symbols.match(GRAPH, Map.of("x", TensorType.f32(5, 3, 9, 7))))
                .isEqualTo(Map.of("N", 5L, "H", 9L));
        assertThat(Symbols.match(GRAPH, Map.of())).isEmpty();
    }

    @Test
    void matchRejectsContradictions() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                Symbols.match(
                                        GRAPH,
                                        types(TensorType.f32(5, 3, 9, 7), TensorType.f32(5, 17))))
                .withMessage(
                        "input m: expected f32[N,2*H], which here is f32[5,18], got f32[5,17]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Symbols.match(GRAPH, Map.of("x", TensorType.f32(3, 9, 7))))
                .withMessage("input x: expected f32[N,3,H,7], got f32[3,9,7]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Symbols.match(GRAPH, Map.of("data", TensorType.f32(3))))
                .withMessage("graph g has no input data, only [m, x]");
    }

    @Test
    void bindInfersEveryTypeAnew() {
        assertThat(GraphPrinter.print(Symbols.bind(GRAPH, Map.of("N", 2L, "H", 5L))))
                .isEqualTo(
                        """
                graph @g(%x: f32[2,3,5,7], %m: f32[2,10]) -> (%y: f32[2,18,2], %2: f32[2,5], %z: f32[2,5]) {
                  %1 = pool(%x) f=max window=3x3/2+1 countPadding=false : f32[2,3,3,4]
                  %y = reshape(%1) shape=[2,18,2] : f32[2,18,2]
                  %2 = slice(%m) axis=1 start=5 step=1 count=5 : f32[2,5]
                  %3 = const f32[] 1
                  %z = expand(%3) shape=[2,5] : f32[2,5]
                }
                """);
    }

    @Test
    void bindLeavesOtherSymbols() {
        Graph bound = Symbols.bind(GRAPH, Map.of("H", 5L));
        assertThat(bound.outputs().getFirst().node().type()).hasToString("f32[N,18,2]");
    }
}
