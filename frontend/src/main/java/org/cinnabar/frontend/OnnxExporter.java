package org.cinnabar.frontend;

import org.cinnabar.frontend.export.GraphExport;
import org.cinnabar.frontend.onnx.ModelProto;
import org.cinnabar.frontend.onnx.OperatorSetIdProto;
import org.cinnabar.ir.Graph;

/** Writes graphs as ONNX models. */
public final class OnnxExporter {
    private static final long IR_VERSION = 8;
    private static final long OPSET = 17;

    private OnnxExporter() {}

    /**
     * {@code graph} as the bytes of an ONNX model.
     *
     * @throws IllegalArgumentException for an op or a shape that ONNX has no words for
     */
    public static byte[] bytes(Graph graph) {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("cinnabar")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(GraphExport.of(graph))
                .build()
                .toByteArray();
    }
}
