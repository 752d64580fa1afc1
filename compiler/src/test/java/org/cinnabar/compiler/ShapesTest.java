package org.cinnabar.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cinnabar.ir.Graph;
import org.cinnabar.ir.text.GraphParser;
import org.junit.jupiter.api.Test;

class ShapesTest {
    private static Graph relu(String... inputs) {
        StringBuilder head = new StringBuilder();
        StringBuilder outputs = new StringBuilder();
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < inputs.length; i++) {
            String comma = i == 0 ? "" : ", ";
            head.append(comma).append("%x").append(i).append(": f32").append(inputs[i]);
            outputs.append(comma).append("%y").append(i);
            body.append("%y").append(i).append(" = relu(%x").append(i).append(")\n");
        }
        return GraphParser.parse("graph @g(" + head + ") -> (" + outputs + ") {\n" + body + "}\n");
    }

    @Test
    void bindsABatchOfItsOwnToOne() {
        Shapes shapes = Shapes.of(relu("[N,3]", "[N,5,7]"));
        assertThat(shapes.batchable()).isTrue();
        assertThat(shapes.graph().inputs())
                .extracting(node -> node.shape().toString())
                .containsExactly("[1,3]", "[1,5,7]");
    }

    @Test
    void keepsAFixedBatchAsTheUnit() {
        Graph graph = relu("[4,3]");
        assertThat(Shapes.of(graph)).isEqualTo(new Shapes(graph, true));
    }

    @Test
    void seesThatInputsHaveDifferentBatches() {
        assertThat(Shapes.of(relu("[N,3]", "[M,3]")).batchable()).isFalse();
        assertThat(Shapes.of(relu("[N,3]", "[2,3]")).batchable()).isFalse();
    }

    @Test
    void asksForEveryInputThatIsOpen() {
        assertThatThrownBy(() -> Shapes.of(relu("[N,3,H,2*W]", "[L]", "[N,2]")))
                .isInstanceOf(CompileException.class)
                .hasMessage(
                        """
                        input x0: expected known extents, got H, 2*W in [N,3,H,2*W]; give them with\
                         --shape x0=1x3x224x224
                        input x1: expected known extents, got L in [L]; give them with --shape\
                         x1=224""");
    }

    @Test
    void asksForABatchThatIsAlsoAnotherExtent() {
        assertThatThrownBy(() -> Shapes.of(relu("[N,N]")))
                .hasMessageStartingWith("input x0: expected known extents, got N in [N,N]");
    }
}
