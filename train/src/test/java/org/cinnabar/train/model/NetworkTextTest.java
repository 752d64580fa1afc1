package org.cinnabar.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.cinnabar.ir.Graph;
import org.cinnabar.ir.op.Window;
import org.cinnabar.ir.text.GraphPrinter;
import org.junit.jupiter.api.Test;

class NetworkTextTest {
    @Test
    void buildsWhatTheBuilderBuilds() {
        String text =
                """
                # A block with a shortcut.
                input 3x9x7
                bareconv c1 5 3x3+1
                batchnorm n1
                relu            # rectified
                save x
                conv c2 5 3x3+1
                add x
                maxpool 2x2/2
                globalaverage
                linear fc classes
                """;
        NetworkBuilder b = new NetworkBuilder("t", 7, 3, 9, 7);
        b.bareConv("c1", 5, Window.parse("3x3+1")).batchNorm("n1").relu();
        var x = b.at();
        Graph built =
                b.conv("c2", 5, Window.parse("3x3+1"))
                        .add(x)
                        .maxPool(Window.parse("2x2/2"))
                        .globalAverage()
                        .linear("fc", 11)
                        .build();
        assertThat(GraphPrinter.print(NetworkText.parse("t", text, 11, 7)))
                .isEqualTo(GraphPrinter.print(built));
    }

    @Test
    void namesTheLineThatIsWrong() {
        assertThatThrownBy(() -> NetworkText.parse("t", "input 3x9x7\n\nconv c1 5\n", 3, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("t, line 3: 'conv c1 5'")
                .hasMessageContaining("3 words");
        assertThatThrownBy(() -> NetworkText.parse("t", "input 3x9x7\nadd y", 3, 1))
                .hasMessageContaining("line 2")
                .hasMessageContaining("save it first");
        assertThatThrownBy(() -> NetworkText.parse("t", "relu", 3, 1))
                .hasMessageContaining("input 3x32x32");
    }
}
