package org.cinnabar.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.cinnabar.ir.Graph;
import org.cinnabar.ir.Symbols;
import org.cinnabar.ir.Tensor;
import org.cinnabar.ir.interp.Interpreter;
import org.cinnabar.ir.text.GraphParser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxExporterTest {
    @TempDir Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relu(%x)",
                "clip(%x) low=-0.5 high=1.5",
                "slice(%x) axis=3 start=6 step=-2 count=4",
                "slice(%x) axis=1 start=1 step=1 count=2",
                "transpose(%x) permutation=[0,2,3,1]",
                "pad(%x) begin=[0,0,1,2] end=[0,0,0,1] mode=constant value=0.25",
                "pad(%x) begin=[0,0,1,2] end=[0,0,0,1] mode=reflect value=0.0",
                "reshape(%x) shape=[N,140]",
                "reduce(%x) f=mean axes=[2,3]",
                "reduce(%x) f=sum axes=[1]",
                "pool(%x) f=max window=3x2/2+1x0 countPadding=false",
                "pool(%x) f=average window=3x3+1 countPadding=true",
                "concat(%x, %x) axis=1",
                "add(%x, %x)",
                "conv(%x, @w) window=3x3/2+1 groups=2",
            })
    void meansTheSameWhenReadAgain(String op) throws IOException {
        String text =
                """
                graph @sample(%x: f32[N,4,5,7]) -> (%y) {
                  %y = OP
                }
                """
                        .replace("OP", op);
        Graph graph = GraphParser.parse(op.contains("@w") ? text + WEIGHT : text);
        Path file = folder.resolve("sample.onnx");
        Files.write(file, OnnxExporter.bytes(graph));
        Graph again = OnnxImporter.read(file, ImportOptions.DEFAULTS).graph();
        Graph first = Symbols.bind(graph, Map.of("N", 3L));
        Random random = new Random(1);
        float[] values = new float[first.inputs().getFirst().shape().count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        List<Tensor> inputs = List.of(Tensor.f32(first.inputs().getFirst().shape(), values));
        assertThat(Interpreter.run(again, inputs).getFirst().toFloats())
                .isEqualTo(Interpreter.run(first, inputs).getFirst().toFloats());
    }

    private static final String WEIGHT = "@w = matrix(f32[6,18] normal(seed=3))\n";
}
